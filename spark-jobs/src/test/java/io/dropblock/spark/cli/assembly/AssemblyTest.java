package io.dropblock.spark.cli.assembly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropblock.spark.recipe.Recipe;
import io.dropblock.spark.recipe.yaml.RecipeException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What recipes can say and no part can do is refused, never left out. */
class AssemblyTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "task.label_smoothing=0.1 | task.label_smoothing must be 0 in this version, not 0.1",
        "model.norm_decay=0.997 | model.norm_decay must be 0.9 in this version, not 0.997",
        "model.norm_epsilon=1e-4 | model.norm_epsilon must be 1e-5 in this version, not 1.0E-4",
        "train.optimizer.nesterov=false | train.optimizer.nesterov must be true in this version, not false",
        "train.weight_decay.of=[kernels] | train.weight_decay.of must be [kernels, biases] in this version, not [kernels]"
      })
  void refusesWhatNoPartDoes(String override, String problem) {
    Recipe recipe = Recipe.load("demo", List.of(override));
    assertThatThrownBy(() -> new Experiment(recipe))
        .isInstanceOf(RecipeException.class)
        .hasMessage("Cannot use recipe demo: " + problem);
  }

  @Test
  void refusesATaskThatNothingTrains() {
    Recipe recipe = Recipe.load("shapes-segmentation", List.of("train.optimizer.nesterov=true"));
    assertThatThrownBy(() -> new Experiment(recipe))
        .isInstanceOf(RecipeException.class)
        .hasMessage(
            "Cannot use recipe shapes-segmentation: task.kind must be classification in this"
                + " version, not 'segmentation'");
  }

  @Test
  void noDecayNeedsNoGroups() {
    Recipe recipe = Recipe.load("demo", List.of("train.weight_decay={rate: 0, of: []}"));
    assertThat(new Experiment(recipe).summary().trainableParameters()).isPositive();
  }
}
