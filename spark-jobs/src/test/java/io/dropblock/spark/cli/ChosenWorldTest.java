package io.dropblock.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.dropblock.spark.recipe.Recipe;
import io.dropblock.spark.recipe.TrainRecipe;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** How many ranks train on how many task slots. */
class ChosenWorldTest {
  @Test
  void noMoreRanksThanSlots() {
    assertThat(chosen(1, "train.slots=4")).isEqualTo(new ChosenWorld(1, List.of()));
    assertThat(chosen(3, "train.slots=4")).isEqualTo(new ChosenWorld(3, List.of()));
    assertThat(chosen(4, "train.slots=4")).isEqualTo(new ChosenWorld(4, List.of()));
    assertThat(chosen(8, "train.slots=4"))
        .isEqualTo(
            new ChosenWorld(
                4, List.of("4 ranks train on 8 task slots, as a step has 4 slots (train.slots)")));
    assertThat(chosen(8, "train.slots=4", "train.world=2"))
        .isEqualTo(new ChosenWorld(2, List.of()));
  }

  /** As older recipes. */
  @Test
  void withoutSlotsAllOfThem() {
    assertThat(chosen(8, "train.slots=0")).isEqualTo(new ChosenWorld(8, List.of()));
    assertThat(chosen(8, "train.slots=0", "train.world=3"))
        .isEqualTo(new ChosenWorld(3, List.of()));
  }

  @Test
  void ranksThatGoOwnWaysHaveAsManySlotsEach() {
    assertThat(chosen(3, "train.slots=4", "train.averaging.every=15"))
        .isEqualTo(
            new ChosenWorld(
                2,
                List.of(
                    "2 ranks train on 3 task slots, as a step has 4 slots (train.slots), which the"
                        + " number of ranks has to divide",
                    bound("2 ranks"))));
    assertThat(chosen(1, "train.slots=4", "train.averaging.master=stock"))
        .isEqualTo(new ChosenWorld(1, List.of(bound("1 rank"))));
    assertThat(chosen(1, "train.slots=1", "train.averaging.every=15"))
        .isEqualTo(new ChosenWorld(1, List.of()));
  }

  @Test
  void tellsOfThoseThatDidNotCome() {
    assertThat(asked(3, 4, "train.slots=8").notes())
        .containsExactly(
            "Only 3 of 4 task slots came that the settings ask for: this run trains with 3 ranks,"
                + " which share the same steps out; set train.world=4 to train with all of them or"
                + " not at all");
    // 3 x 16 x 2 images, and 4 x 16 x 2
    assertThat(asked(3, 4, "train.slots=0", "train.local_batch=16", "train.accumulation=2").notes())
        .containsExactly(
            "Only 3 of 4 task slots came that the settings ask for: this run trains with 3 ranks, a"
                + " step has 96 images in place of 128; set train.world=4 to train with all of them"
                + " or not at all");
    assertThat(asked(3, 9, "train.slots=4").notes().get(0)).contains("set train.world=4 to");
    assertThat(asked(4, 9, "train.slots=4").notes()).isEmpty();
    assertThat(asked(4, 4, "train.slots=0").notes()).isEmpty();
    assertThat(asked(3, 4, "train.slots=8", "train.world=2").notes()).isEmpty();
    assertThat(ChosenWorld.of(recipe("train.slots=8"), 3, OptionalInt.empty()).notes()).isEmpty();
  }

  private static ChosenWorld asked(int found, int asked, String... settings) {
    return ChosenWorld.of(recipe(settings), found, OptionalInt.of(asked));
  }

  private static String bound(String ranks) {
    return "This run is bound to "
        + ranks
        + ": they go own ways between two averagings (train.averaging)";
  }

  private static ChosenWorld chosen(int found, String... settings) {
    return ChosenWorld.of(recipe(settings), found);
  }

  private static TrainRecipe recipe(String... settings) {
    List<String> all = new ArrayList<>(List.of("train.averaging.every=1"));
    all.addAll(List.of(settings));
    return Recipe.load("demo", all).train();
  }
}
