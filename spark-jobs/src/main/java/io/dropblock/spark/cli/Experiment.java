package io.dropblock.spark.cli;

import io.dropblock.model.Architecture;
import io.dropblock.model.CifarResNet;
import io.dropblock.model.MapShape;
import io.dropblock.model.NetworkSummary;
import io.dropblock.model.Optimizer;
import io.dropblock.model.Regularization;
import io.dropblock.model.ResNet;
import io.dropblock.spark.data.DataException;
import io.dropblock.spark.data.Split;
import io.dropblock.spark.data.feed.FeedSource;
import io.dropblock.spark.data.image.AutoAugment;
import io.dropblock.spark.data.image.CentreCrop;
import io.dropblock.spark.data.image.Cutout;
import io.dropblock.spark.data.image.ImageTransform;
import io.dropblock.spark.data.image.Normalization;
import io.dropblock.spark.data.image.PadCrop;
import io.dropblock.spark.data.image.RandomResizedCrop;
import io.dropblock.spark.data.image.Resampling;
import io.dropblock.spark.data.kind.ClassLabelKind;
import io.dropblock.spark.data.shard.DatasetManifest;
import io.dropblock.spark.data.shard.ManifestFile;
import io.dropblock.spark.evaluate.Evaluation;
import io.dropblock.spark.recipe.DataRecipe;
import io.dropblock.spark.recipe.DropBlockRecipe;
import io.dropblock.spark.recipe.Recipe;
import io.dropblock.spark.train.RankFeed;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.util.SerializableConfiguration;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;

/** A recipe, translated into the plain arguments of the parts. */
final class Experiment {
  private static final int CHANNELS = 3;
  private static final int CUTOUT_GREY = 128;

  private final Recipe recipe;

  Experiment(Recipe recipe) {
    this.recipe = recipe;
  }

  Architecture architecture() {
    return switch (recipe.model().family()) {
      case RESNET -> new ResNet(recipe.model().depth(), recipe.model().width());
      case RESNET_CIFAR -> new CifarResNet(recipe.model().depth(), recipe.model().width());
    };
  }

  MapShape image() {
    return new MapShape(CHANNELS, recipe.data().size(), recipe.data().size());
  }

  ComputationGraph network() {
    ComputationGraph network = new ComputationGraph(configuration());
    network.init();
    return network;
  }

  NetworkSummary summary() {
    return NetworkSummary.of(configuration(), image());
  }

  private ComputationGraphConfiguration configuration() {
    return architecture()
        .configuration(
            image(),
            recipe.data().classes(),
            regularization(),
            new Optimizer(recipe.train().momentum(), recipe.train().weightDecay()),
            recipe.seed());
  }

  private Regularization regularization() {
    DropBlockRecipe dropblock = recipe.dropblock();
    if (dropblock.groups().isEmpty()) {
      return Regularization.none();
    }
    Set<Regularization.Site> sites = EnumSet.noneOf(Regularization.Site.class);
    for (DropBlockRecipe.Site site : dropblock.sites()) {
      sites.add(
          switch (site) {
            case BRANCH -> Regularization.Site.BRANCH;
            case SKIP -> Regularization.Site.SKIP;
          });
    }
    return new Regularization(
        switch (dropblock.kind()) {
          case DROPBLOCK -> Regularization.Kind.DROPBLOCK;
          case DROPOUT -> Regularization.Kind.DROPOUT;
          case SPATIAL_DROPOUT -> Regularization.Kind.SPATIAL_DROPOUT;
          case DROP_PATH -> Regularization.Kind.DROP_PATH;
        },
        new TreeSet<>(dropblock.groups()),
        sites,
        dropblock.blockSize(),
        dropblock.groupDivisor());
  }

  /**
   * Reads a data set's manifest and checks that it is one for this recipe.
   *
   * @throws DataException if there is none, or it is for another task, has another number of
   *     classes, no validation images, or images of a size that the recipe does not take
   */
  DatasetManifest dataset(Path data, Configuration configuration) {
    DatasetManifest manifest = ManifestFile.read(data, configuration);
    if (!manifest.kind().equals(new ClassLabelKind())) {
      throw new DataException(
          String.format(
              Locale.ROOT,
              "Cannot use data set %s for %s: it is for %s, the recipe's network for"
                  + " classification",
              data,
              recipe.name(),
              manifest.kind().word()));
    }
    if (manifest.classes().size() != recipe.data().classes()) {
      throw new DataException(
          String.format(
              Locale.ROOT,
              "Cannot use data set %s for %s: it has %d classes, the recipe %d (data.classes)",
              data,
              recipe.name(),
              manifest.classes().size(),
              recipe.data().classes()));
    }
    if (manifest.records(Split.VAL) == 0) {
      throw new DataException(
          String.format(
              Locale.ROOT,
              "Cannot evaluate on %s: it has no validation images, prepare it with some",
              data));
    }
    if (recipe.data().transform() == DataRecipe.Transform.PAD_CROP) {
      new FixedSize(data, manifest, configuration).require(recipe.name(), recipe.data().size());
    }
    return manifest;
  }

  RankFeed feed(Path data, DatasetManifest manifest, Configuration configuration, int world) {
    return new RankFeed(
        source(data, manifest, configuration, Split.TRAIN, trainTransform()),
        new SerializableConfiguration(configuration),
        world,
        recipe.train().localBatch(),
        recipe.train().accumulation(),
        recipe.train().prefetch());
  }

  Evaluation evaluation(
      Path data, DatasetManifest manifest, Configuration configuration, int world) {
    return new Evaluation(
        source(data, manifest, configuration, Split.VAL, evaluationTransform()),
        new SerializableConfiguration(configuration),
        world,
        recipe.train().localBatch(),
        recipe.train().prefetch());
  }

  private FeedSource source(
      Path data,
      DatasetManifest manifest,
      Configuration configuration,
      Split split,
      ImageTransform transform) {
    Normalization normalization =
        new Normalization(floats(recipe.data().mean()), floats(recipe.data().std()));
    return new FeedSource(data.toString(), manifest, split, transform, normalization);
  }

  /** Both take the same kind of image. */
  ImageTransform evaluationTransform() {
    return switch (recipe.data().transform()) {
      case PAD_CROP -> PadCrop.unpadded(recipe.data().size());
      case RANDOM_RESIZED_CROP -> new CentreCrop(recipe.data().size());
    };
  }

  /** Cutout comes last, as in {@code tensorflow/models: research/autoaugment/data_utils.py}. */
  ImageTransform trainTransform() {
    DataRecipe data = recipe.data();
    ImageTransform transform = crop(data);
    if (data.autoAugment()) {
      transform = new AutoAugment(transform);
    }
    return data.cutout() > 0 ? new Cutout(transform, data.cutout(), CUTOUT_GREY) : transform;
  }

  private static ImageTransform crop(DataRecipe data) {
    return switch (data.transform()) {
      case PAD_CROP -> new PadCrop(data.size(), data.pad().orElseThrow(), data.flip());
      case RANDOM_RESIZED_CROP ->
          new RandomResizedCrop(
              data.size(), data.flip(), Resampling.BICUBIC, data.scaledDecoding());
    };
  }

  private static List<Float> floats(List<Double> values) {
    return values.stream().map(Double::floatValue).toList();
  }
}
