package io.dropblock.spark.cli.assembly;

import io.dropblock.exchange.onnx.OnnxInput;
import io.dropblock.exchange.onnx.OnnxModel;
import io.dropblock.nn.FoldedNetwork;
import io.dropblock.spark.data.image.Normalization;
import io.dropblock.spark.recipe.Recipe;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * A kind of networks that leave as ONNX models, small.
 *
 * @param name of the kind
 * @param recipe bundled
 * @param changes to it
 */
record OnnxFamily(String name, String recipe, List<String> changes) {
  private static final String CLASSES = "data.classes=40";

  /** All that recipes can name. */
  static Stream<OnnxFamily> all() {
    return Stream.concat(classifying(), Stream.of(detecting(), segmenting()));
  }

  static Stream<OnnxFamily> classifying() {
    return Stream.of(
        new OnnxFamily(
            "resnet-cifar",
            "imagenet-resnet50",
            List.of(
                "model.family=resnet-cifar",
                "model.depth=14",
                "model.width=8",
                "data.size=64",
                CLASSES)),
        new OnnxFamily(
            "resnet", "imagenet-resnet50", List.of("model.width=8", "data.size=96", CLASSES)),
        new OnnxFamily(
            "resnet-symmetric",
            "imagenet-resnet50",
            List.of("model.width=8", "data.size=96", "model.max_pool_padding=symmetric", CLASSES)),
        new OnnxFamily(
            "amoebanet",
            "imagenet-amoebanet-b",
            List.of(
                "model.cells=1",
                "model.width=8",
                "model.stem_filters=8",
                "model.dropout=0.0",
                "data.size=96",
                CLASSES)));
  }

  static OnnxFamily detecting() {
    return new OnnxFamily(
        "retinanet",
        "coco-retinanet-r50-fpn",
        List.of(
            "task.category_ids=0",
            "task.pyramid_filters=16",
            "task.head_filters=16",
            "task.head_convolutions=2",
            "task.score_threshold=0.05",
            "data.classes=6",
            "data.size=128",
            "model.width=8"));
  }

  static OnnxFamily segmenting() {
    return new OnnxFamily(
        "segmentation",
        "voc-segmentation-r101-fpn",
        List.of(
            "task.pyramid_filters=16",
            "task.head_filters=16",
            "task.head_convolutions=2",
            "model.depth=50",
            "data.size=97",
            "model.width=8"));
  }

  RecipeParts parts(String... more) {
    List<String> all = new ArrayList<>(changes);
    all.addAll(List.of(more));
    return new RecipeParts(Recipe.load(recipe, all));
  }

  int classes() {
    return Recipe.load(recipe, changes).data().classes();
  }

  /**
   * As {@code export} does.
   *
   * @param folded whether normalisations go into the convolutions
   * @param pixels whether it takes pixels of 0 to 255
   */
  OnnxModel model(ComputationGraph network, boolean folded, boolean pixels, boolean suppress) {
    RecipeParts parts = parts();
    Normalization normalization = parts.normalization();
    var ending = parts.ending(suppress);
    return OnnxModel.of(
        folded ? FoldedNetwork.of(network) : network,
        new OnnxInput(
            parts.image().width(),
            ending.takesAnySize(),
            pixels
                ? Optional.of(
                    new OnnxInput.Normalization(normalization.mean(), normalization.std()))
                : Optional.empty()),
        ending,
        Map.of("task", parts.task()));
  }

  @Override
  public String toString() {
    return name;
  }
}
