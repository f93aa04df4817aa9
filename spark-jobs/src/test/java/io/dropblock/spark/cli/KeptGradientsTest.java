package io.dropblock.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.dropblock.spark.recipe.Recipe;
import io.dropblock.spark.ring.SumOrder;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Of AmoebaNet-B (6, 256): 141,751,465 parameters. */
class KeptGradientsTest {
  private static final long PARAMETERS = 141_751_465;

  @Test
  void isToldWhereItIsMuch() {
    assertThat(note(4, SumOrder.SLOTS, "train.slots=64"))
        .contains(
            "A rank keeps the gradients of 15 slots until they are added up, 7.9 GiB; more ranks"
                + " share that, and spark.dropblock.ring.sum=ranks needs none");
    assertThat(note(5, SumOrder.SLOTS, "train.slots=11"))
        .as("the rank with three of them")
        .contains(
            "A rank keeps the gradients of 2 slots until they are added up, 1.1 GiB; more ranks"
                + " share that, and spark.dropblock.ring.sum=ranks needs none");
  }

  @Test
  void isNotToldWhereItIsLittleOrNothing() {
    assertThat(note(64, SumOrder.SLOTS, "train.slots=64")).isEmpty();
    assertThat(note(6, SumOrder.SLOTS, "train.slots=11")).isEmpty();
    assertThat(note(1, SumOrder.SLOTS, "train.slots=64")).isEmpty();
    assertThat(note(4, SumOrder.RANKS, "train.slots=64")).isEmpty();
    assertThat(note(4, SumOrder.SLOTS, "train.slots=64", "train.averaging.every=2")).isEmpty();
    assertThat(note(4, SumOrder.SLOTS, "train.slots=0")).isEmpty();
  }

  private static Optional<String> note(int world, SumOrder order, String... settings) {
    return KeptGradients.note(
        Recipe.load("demo", List.of(settings)).train(), world, PARAMETERS, order);
  }
}
