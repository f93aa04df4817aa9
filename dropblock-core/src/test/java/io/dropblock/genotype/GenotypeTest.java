package io.dropblock.genotype;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GenotypeTest {

  /** What {@code model_specs.py} concatenates. */
  @Test
  void theReleasedOneIsMadeOfTheSourcesStates() {
    assertThat(Genotype.AMOEBANET_B.normal().outputs()).containsExactly(0, 3, 4, 6);
    assertThat(Genotype.AMOEBANET_B.reduction().outputs()).containsExactly(5, 6);
    assertThat(Genotype.AMOEBANET_B.normal().combinations()).isEqualTo(5);
    assertThat(Genotype.AMOEBANET_B.reduction().operations().get(4))
        .isEqualTo(new Operation.Separable(5, 2, true));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "none",
        "1x1",
        "3x3",
        "max_pool_2x2",
        "avg_pool_3x3",
        "separable_7x7_2",
        "separable_3x3_1",
        "dil_2_separable_5x5_2"
      })
  void operationsKeepTheirNames(String name) {
    assertThat(Operation.parse(name).name()).isEqualTo(name);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "5x5",
        "3x3 ",
        "None",
        "separable_3x5_2",
        "separable_3x3",
        "separable_0x0_2",
        "max_pool_3x4",
        "min_pool_3x3",
        "dil_2_3x3",
        "1x7_7x1"
      })
  void refusesUnknownOperations(String name) {
    assertThatThrownBy(() -> Operation.parse(name))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("Unknown operation: '" + name + "', write none, 1x1, 3x3, ")
        .hasMessageNotContaining("\n");
  }

  @Test
  void refusesWhatDoesNotFit() {
    refuses(
        () -> cell(List.of("none", "1x1", "1x1"), List.of(0, 1, 1), List.of(1, 1, 0)),
        "Invalid cell: 3 operations, each combination has two");
    refuses(
        () -> cell(List.of(), List.of(), List.of(0, 0)),
        "Invalid cell: 0 operations, each combination has two");
    refuses(
        () -> cell(List.of("none", "1x1"), List.of(0), List.of(1, 1, 0)),
        "Invalid cell: 1 inputs for 2 operations");
    refuses(
        () -> cell(List.of("none", "1x1"), List.of(0, 1), List.of(1, 0)),
        "Invalid cell: used has 2 numbers for 3 states, the first two and one for each combination");
    refuses(
        () -> cell(List.of("none", "1x1"), List.of(0, 2), List.of(1, 0, 0)),
        "Invalid cell: combination 0 reads state 2, states 0 to 1 are there");
    refuses(
        () -> cell(List.of("none", "1x1"), List.of(-1, 1), List.of(0, 1, 0)),
        "Invalid cell: combination 0 reads state -1, states 0 to 1 are there");
    refuses(
        () -> cell(List.of("none", "1x1"), List.of(0, 1), List.of(2, 1, 0)),
        "Invalid cell: used of state 0 is 2, neither 0 nor 1");
    refuses(
        () -> cell(List.of("none", "1x1"), List.of(0, 0), List.of(1, 1, 0)),
        "Invalid cell: state 1 is used, but nothing reads it");
    refuses(
        () -> cell(List.of("none", "none"), List.of(1, 1), List.of(0, 1, 0)),
        "Invalid cell: combination 0 adds state 1 to itself");
    refuses(
        () -> cell(List.of("1x1", "1x1", "1x1", "1x1"), List.of(0, 1, 2, 2), List.of(1, 1, 1, 1)),
        "Invalid cell: state 3 is used, but nothing reads it");
  }

  private static CellGenotype cell(
      List<String> operations, List<Integer> inputs, List<Integer> used) {
    return CellGenotype.of(operations, inputs, used);
  }

  private static void refuses(ThrowingCallable what, String message) {
    assertThatThrownBy(what).isInstanceOf(IllegalArgumentException.class).hasMessage(message);
  }
}
