package io.dropblock.spark.cli.assembly;

import static org.assertj.core.api.Assertions.assertThat;

import io.dropblock.model.NetworkSummary;
import io.dropblock.spark.recipe.Recipe;
import io.dropblock.spark.recipe.TaskRecipe;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AssemblyTest {

  /** Counted by hand from the reference's layers: paper-recipes, section 4. */
  @ParameterizedTest
  @CsvSource({
    "voc-segmentation-r101-fpn, 101, 47604053, 60.896",
    "voc-segmentation-r101-fpn-dropblock, 101, 47604053, 60.896",
    "voc-segmentation-r101-fpn, 50, 28611925, 40.271"
  })
  void segmentationIsAsLargeAsThePapers(String name, int depth, long parameters, double giga) {
    Recipe recipe = Recipe.load(name, List.of("model.depth=" + depth));
    NetworkSummary summary = new Experiment(recipe).summary();
    assertThat(summary.trainableParameters()).isEqualTo(parameters);
    assertThat(Math.round(summary.multiplyAdds() / 1e6) / 1e3).isEqualTo(giga);
  }

  @Test
  void labelsAreTakenAtTheStrideOfTheOutputs() {
    Recipe recipe = Recipe.load("voc-segmentation-r101-fpn", List.of());
    assertThat(new SegmentationAssembly(recipe, task(recipe)).training().side()).isEqualTo(65);
    assertThat(new SegmentationAssembly(recipe, task(recipe)).evaluation().side()).isEqualTo(513);
  }

  private static TaskRecipe.Segmentation task(Recipe recipe) {
    return (TaskRecipe.Segmentation) recipe.task();
  }
}
