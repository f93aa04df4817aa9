package io.dropblock.spark.cli.assembly;

import io.dropblock.detection.AnchorSettings;
import io.dropblock.detection.Anchors;
import io.dropblock.detection.DetectionSettings;
import io.dropblock.exchange.onnx.DetectionEnding;
import io.dropblock.model.Architecture;
import io.dropblock.model.DetectionHead;
import io.dropblock.model.Pyramid;
import io.dropblock.nn.pyramid.Upsampling;
import io.dropblock.spark.data.DataException;
import io.dropblock.spark.data.feed.AnchorTargets;
import io.dropblock.spark.data.feed.ObjectPreprocessing;
import io.dropblock.spark.data.image.DetectionTransform;
import io.dropblock.spark.data.image.Jitter;
import io.dropblock.spark.data.kind.ObjectSetKind;
import io.dropblock.spark.data.shard.DatasetManifest;
import io.dropblock.spark.objective.Detection;
import io.dropblock.spark.predict.DetectionInference;
import io.dropblock.spark.recipe.Recipe;
import io.dropblock.spark.recipe.TaskRecipe;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * Objects with boxes.
 *
 * @param recipe the recipe
 * @param task its task
 */
record DetectionAssembly(Recipe recipe, TaskRecipe.Detection task) implements Assembly {

  @Override
  public ObjectSetKind kind() {
    return new ObjectSetKind();
  }

  @Override
  public Architecture architecture() {
    NetworkArguments arguments = new NetworkArguments(recipe);
    return new Architecture(
        arguments.trunk(),
        new DetectionHead(
            outputs(),
            new Pyramid(
                task.firstLevel(), task.lastLevel(), task.pyramidFilters(), Upsampling.NEAREST),
            task.headFilters(),
            task.headConvolutions(),
            anchors().perPosition()),
        arguments.norms());
  }

  @Override
  public DetectionEnding ending(boolean suppress) {
    int size = recipe.data().size();
    return new DetectionEnding(
        new Anchors(anchors(), size, strides()),
        outputs(),
        size,
        suppress ? Optional.of(settings()) : Optional.empty());
  }

  private DetectionSettings settings() {
    DetectionSettings reference = DetectionSettings.REFERENCE;
    return new DetectionSettings(
        reference.candidates(), reference.overlap(), task.scoreThreshold(), task.maxDetections());
  }

  /** Of the network for an anchor. */
  private int outputs() {
    return task.categoryIds() > 0 ? task.categoryIds() : recipe.data().classes();
  }

  private AnchorSettings anchors() {
    AnchorSettings reference = AnchorSettings.REFERENCE;
    return new AnchorSettings(task.anchorScale(), reference.octaves(), reference.aspects());
  }

  /** Each level's is twice that of the level before. */
  private List<Integer> strides() {
    int finest = new NetworkArguments(recipe).stride(task.firstLevel());
    return IntStream.rangeClosed(0, task.lastLevel() - task.firstLevel())
        .mapToObj(level -> finest << level)
        .toList();
  }

  AnchorTargets targets(DatasetManifest manifest) {
    return targets(manifest.classes(), manifest.categoryIds());
  }

  private AnchorTargets targets(List<String> classes, List<Integer> categoryIds) {
    List<Integer> ofClasses =
        task.categoryIds() > 0
            ? categoryIds.stream().map(id -> id - 1).toList()
            : IntStream.range(0, classes.size()).boxed().toList();
    return new AnchorTargets(anchors(), strides(), ofClasses);
  }

  @Override
  public Detection objective(DatasetManifest manifest) {
    return objective(manifest.classes(), manifest.categoryIds());
  }

  private Detection objective(List<String> classes, List<Integer> categoryIds) {
    return new Detection(
        classes, targets(classes, categoryIds), recipe.data().size(), outputs(), settings());
  }

  /** In COCO's format; categories without an id in the raw data set get their label and 1. */
  @Override
  public Optional<Results> results(DatasetManifest manifest) {
    return Optional.of(
        new DetectionResults(
            objective(manifest).keepingFound(),
            ids(
                manifest.classes(),
                manifest.categoryIds() == null ? List.of() : manifest.categoryIds())));
  }

  private static List<Integer> ids(List<String> classes, List<Integer> categoryIds) {
    return categoryIds.isEmpty()
        ? IntStream.rangeClosed(1, classes.size()).boxed().toList()
        : categoryIds;
  }

  @Override
  public DetectionInference inference(List<String> classes, List<Integer> categoryIds, int top) {
    if (task.categoryIds() > 0 && categoryIds.isEmpty()) {
      throw new DataException(
          "Cannot tell which output of the network is which class: an older version trained it,"
              + " which did not keep the numbers of the categories");
    }
    return new DetectionInference(
        DetectionTransform.evaluation(recipe.data().size()),
        new NetworkArguments(recipe).normalization(),
        objective(classes, categoryIds),
        classes,
        ids(classes, categoryIds));
  }

  @Override
  public ObjectPreprocessing training(DatasetManifest manifest) {
    List<Double> scale = recipe.data().scale().orElseThrow();
    return ObjectPreprocessing.training(
        DetectionTransform.training(
            recipe.data().size(), new Jitter(recipe.data().flip(), scale.get(0), scale.get(1))),
        targets(manifest));
  }

  @Override
  public ObjectPreprocessing evaluation() {
    return ObjectPreprocessing.evaluation(DetectionTransform.evaluation(recipe.data().size()));
  }

  /**
   * Images of any size are scaled and padded. There must be something to find in those that it is
   * measured on, and an output for each class.
   */
  @Override
  public void requireFit(Path data, DatasetManifest manifest, Configuration configuration) {
    if (manifest.counts() != null && manifest.counts().val().stream().allMatch(n -> n == 0)) {
      throw new DataException(
          String.format(
              Locale.ROOT,
              "Cannot evaluate on %s: there is no object in its validation images, prepare it with"
                  + " some",
              data));
    }
    if (task.categoryIds() == 0) {
      return;
    }
    List<Integer> ids = manifest.categoryIds();
    if (ids == null) {
      throw misfit(data, "it has no category ids");
    }
    for (int label = 0; label < ids.size(); label++) {
      if (ids.get(label) < 1 || ids.get(label) > task.categoryIds()) {
        throw misfit(
            data, "category " + manifest.classes().get(label) + " has id " + ids.get(label));
      }
    }
  }

  private DataException misfit(Path data, String reason) {
    return new DataException(
        String.format(
            Locale.ROOT,
            "Cannot use data set %s for %s: %s, and the network has an output for each id from 1 to"
                + " %d; set task.category_ids=0 for one for each class",
            data,
            recipe.name(),
            reason,
            task.categoryIds()));
  }
}
