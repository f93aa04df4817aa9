package io.dropblock.spark.cli.assembly;

import io.dropblock.brought.Fate;
import io.dropblock.exchange.onnx.OnnxEnding;
import io.dropblock.model.MapShape;
import io.dropblock.model.NetworkSummary;
import io.dropblock.model.Trunk;
import io.dropblock.optimizer.settings.OptimizerSettings;
import io.dropblock.spark.data.DataException;
import io.dropblock.spark.data.Split;
import io.dropblock.spark.data.feed.FeedSource;
import io.dropblock.spark.data.feed.Preprocessing;
import io.dropblock.spark.data.feed.Slots;
import io.dropblock.spark.data.image.Normalization;
import io.dropblock.spark.data.kind.AnnotationKind;
import io.dropblock.spark.data.shard.DatasetManifest;
import io.dropblock.spark.data.shard.ManifestFile;
import io.dropblock.spark.evaluate.Evaluation;
import io.dropblock.spark.objective.Objective;
import io.dropblock.spark.predict.Inference;
import io.dropblock.spark.recipe.Recipe;
import io.dropblock.spark.recipe.TrainRecipe;
import io.dropblock.spark.recipe.yaml.RecipeException;
import io.dropblock.spark.train.step.RankFeed;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.util.SerializableConfiguration;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;

/** What a recipe names: network, images and evaluation, from the plain arguments of each. */
public final class RecipeParts {
  private final Recipe recipe;
  private final Assembly assembly;

  /**
   * @throws io.dropblock.spark.recipe.yaml.RecipeException if no part does what the recipe asks for
   */
  public RecipeParts(Recipe recipe) {
    this.recipe = recipe;
    this.assembly = Assembly.of(recipe);
    if (new NetworkArguments(recipe).isBrought()) {
      requireNetwork();
    }
  }

  /** What somebody brought is only known when it is made. */
  private void requireNetwork() {
    try {
      summary();
    } catch (IllegalArgumentException | IllegalStateException | ArithmeticException e) {
      throw new RecipeException(
          "Cannot use network " + title() + " of recipe " + recipe.name(), e.getMessage());
    }
  }

  /** What became of each layer of a network that was brought; empty for any other. */
  public List<Fate> fates() {
    NetworkArguments arguments = new NetworkArguments(recipe);
    return arguments.isBrought() ? arguments.brought().fates(arguments.norms()) : List.of();
  }

  /** The name that people use for the network: {@code ResNet-50}. */
  public String title() {
    return assembly.architecture().title();
  }

  /** What the network sees. */
  public MapShape image() {
    return new NetworkArguments(recipe).image();
  }

  /** What is done to the pixels that the network sees. */
  public Normalization normalization() {
    return new NetworkArguments(recipe).normalization();
  }

  /** What turns images into features. */
  public Trunk trunk() {
    return assembly.architecture().trunk();
  }

  /** A fresh network, equal for equal seeds. */
  public ComputationGraph network() {
    ComputationGraph network = new ComputationGraph(configuration());
    network.init();
    return network;
  }

  /** The network's layers, parameters and multiply-adds. */
  public NetworkSummary summary() {
    return NetworkSummary.of(configuration(), image());
  }

  /**
   * Numbers that training keeps: parameters, and what optimizer and moving average keep of each.
   */
  public long numbersInTraining() {
    OptimizerSettings optimizer =
        (OptimizerSettings) new NetworkArguments(recipe).optimizer().updater();
    int average = recipe.train().movingAverage().isPresent() ? 1 : 0;
    return summary().trainableParameters() * (1 + optimizer.states().size() + average);
  }

  private ComputationGraphConfiguration configuration() {
    NetworkArguments arguments = new NetworkArguments(recipe);
    ComputationGraphConfiguration network =
        assembly
            .architecture()
            .configuration(
                arguments.image(),
                arguments.regularization(),
                arguments.optimizer(),
                recipe.seed());
    arguments.train(network);
    return network;
  }

  /**
   * Reads a data set's manifest and checks that it is one for this recipe.
   *
   * @throws DataException if there is none, or it is for another task, has another number of
   *     classes, no validation images, or images of a size that the recipe does not take
   */
  public DatasetManifest dataset(Path data, Configuration configuration) {
    DatasetManifest manifest = ManifestFile.read(data, configuration);
    AnnotationKind kind = assembly.kind();
    if (!manifest.kind().equals(kind)) {
      throw new DataException(
          String.format(
              Locale.ROOT,
              "Cannot use data set %s for %s: it is for %s, the recipe's network for %s",
              data,
              recipe.name(),
              manifest.kind().word(),
              kind.word()));
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
    assembly.requireFit(data, manifest, configuration);
    return manifest;
  }

  /** The training images, for {@code world} ranks. */
  public RankFeed feed(
      Path data, DatasetManifest manifest, Configuration configuration, int world) {
    return new RankFeed(
        source(data, manifest, Split.TRAIN, assembly.training(manifest)),
        assembly.objective(manifest),
        new SerializableConfiguration(configuration),
        slots(world),
        world,
        recipe.train().prefetch());
  }

  /** Without slots in the recipe each rank has images and micro-batches of its own. */
  private Slots slots(int world) {
    TrainRecipe train = recipe.train();
    return train.slots() > 0
        ? Slots.of(train.slots(), train.localBatch())
        : Slots.ofRanks(world, train.accumulation(), train.localBatch());
  }

  /** The validation images and how they are measured, for {@code world} ranks. */
  public Evaluation evaluation(
      Path data, DatasetManifest manifest, Configuration configuration, int world) {
    return new Evaluation(
        assembly.objective(manifest),
        source(data, manifest, Split.VAL, assembly.evaluation()),
        new SerializableConfiguration(configuration),
        world,
        recipe.train().localBatch(),
        recipe.train().prefetch());
  }

  /** How validation images are measured for each class, too. */
  public Objective<?> byClass(DatasetManifest manifest) {
    return assembly.byClass(manifest);
  }

  /**
   * What the network says of each validation image, to be written.
   *
   * @return empty where there is no file for it in the recipe's task
   */
  public Optional<Results> results(DatasetManifest manifest) {
    return assembly.results(manifest);
  }

  /** The network for those who take it apart; empty where it does not give an image one class. */
  public Optional<Classifier> classifier() {
    return assembly.classifier();
  }

  /**
   * What an ONNX model makes of the network's outputs.
   *
   * @param suppress whether it leaves one box for each object
   * @throws IllegalArgumentException if there are no boxes and it is to, as the end of a sentence
   */
  public OnnxEnding ending(boolean suppress) {
    return assembly.ending(suppress);
  }

  /**
   * How a network of the recipe is asked about images of which nothing is known.
   *
   * @param classes names by number
   * @param categoryIds of the classes, by number, as COCO has them; empty if they have none
   * @param top how many classes are told of an image that is given one class
   */
  public Inference inference(List<String> classes, List<Integer> categoryIds, int top) {
    return assembly.inference(classes, categoryIds, top);
  }

  /** What the network is for, in a word: {@code detection}. */
  public String task() {
    return assembly.kind().word();
  }

  private FeedSource source(
      Path data, DatasetManifest manifest, Split split, Preprocessing preprocessing) {
    return new FeedSource(
        data.toString(),
        manifest,
        split,
        preprocessing,
        new NetworkArguments(recipe).normalization());
  }
}
