package io.dropblock.spark.cli.assembly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropblock.exchange.onnx.ClassificationEnding;
import io.dropblock.exchange.onnx.DetectionEnding;
import io.dropblock.exchange.onnx.OnnxEnding;
import io.dropblock.exchange.onnx.SegmentationEnding;
import io.dropblock.spark.recipe.Recipe;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What an ONNX model makes of the outputs of a recipe's network. */
class EndingsTest {

  /** COCO's ids go up to 90, and a square of 640 pixels has 76,725 anchors: the paper's. */
  @Test
  void detectionHasTheRecipesAnchorsAndSuppression() {
    DetectionEnding plain = (DetectionEnding) ending("coco-retinanet-r50-fpn", false);
    assertThat(plain.anchors().count()).isEqualTo(76_725);
    assertThat(plain.classes()).isEqualTo(90);
    assertThat(plain.side()).isEqualTo(640);
    assertThat(plain.suppression()).isEmpty();
    assertThat(((DetectionEnding) ending("coco-retinanet-r50-fpn", true)).suppression())
        .hasValueSatisfying(
            settings -> {
              assertThat(settings.most()).isEqualTo(100);
              assertThat(settings.overlap()).isEqualTo(.5);
            });
  }

  @Test
  void othersHaveClassesAndNothingToSuppress() {
    assertThat(ending("imagenet-resnet50", false)).isEqualTo(new ClassificationEnding(1000));
    assertThat(ending("voc-segmentation-r101-fpn-finetune", false))
        .isEqualTo(new SegmentationEnding(21));
    for (String name : List.of("imagenet-resnet50", "voc-segmentation-r101-fpn-finetune")) {
      assertThatThrownBy(() -> ending(name, true))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("its network finds no objects");
    }
  }

  private static OnnxEnding ending(String recipe, boolean suppress) {
    return new RecipeParts(Recipe.load(recipe, List.of())).ending(suppress);
  }
}
