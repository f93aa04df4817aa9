package io.dropblock.genotype;

import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * What happens inside a cell. State 0 is the output of the cell before, state 1 that of the one
 * before that, both brought to the cell's filters; combination {@code i} adds two states, each
 * after an operation, and is state {@code i + 2}. The output of the cell is the states that are not
 * used, behind one another in the order of their numbers.
 *
 * @param operations two for each combination, left and right
 * @param inputs the numbers of the states that they read, of those that are there by then
 * @param used for each state, 1 if it is used up and 0 if it is part of the output. A state may be
 *     read and be part of the output
 */
public record CellGenotype(List<Operation> operations, List<Integer> inputs, List<Integer> used) {
  /** States that a cell begins with. */
  public static final int GIVEN = 2;

  /**
   * @throws IllegalArgumentException if lengths do not fit, a state is read that is not there, one
   *     is used up that nothing reads, or one is added to itself as it is
   */
  public CellGenotype {
    operations = List.copyOf(operations);
    inputs = List.copyOf(inputs);
    used = List.copyOf(used);
    if (operations.isEmpty() || operations.size() % 2 != 0) {
      throw invalid("%d operations, each combination has two", operations.size());
    }
    if (inputs.size() != operations.size()) {
      throw invalid("%d inputs for %d operations", inputs.size(), operations.size());
    }
    int states = operations.size() / 2 + GIVEN;
    if (used.size() != states) {
      throw invalid(
          "used has %d numbers for %d states, the first two and one for each combination",
          used.size(), states);
    }
    for (int i = 0; i < inputs.size(); i++) {
      int there = i / 2 + GIVEN;
      if (inputs.get(i) < 0 || inputs.get(i) >= there) {
        throw invalid(
            "combination %d reads state %d, states 0 to %d are there",
            i / 2, inputs.get(i), there - 1);
      }
      if (i % 2 == 1
          && inputs.get(i).equals(inputs.get(i - 1))
          && operations.get(i) instanceof Operation.Identity
          && operations.get(i - 1) instanceof Operation.Identity) {
        throw invalid("combination %d adds state %d to itself", i / 2, inputs.get(i));
      }
    }
    for (int state = 0; state < states; state++) {
      if (used.get(state) != 0 && used.get(state) != 1) {
        throw invalid("used of state %d is %d, neither 0 nor 1", state, used.get(state));
      }
      if (used.get(state) == 1 && !inputs.contains(state)) {
        throw invalid("state %d is used, but nothing reads it", state);
      }
    }
  }

  /**
   * Reads the names of operations.
   *
   * @throws IllegalArgumentException also if there is no such operation
   */
  public static CellGenotype of(List<String> operations, List<Integer> inputs, List<Integer> used) {
    return new CellGenotype(operations.stream().map(Operation::parse).toList(), inputs, used);
  }

  /** Number of combinations. */
  public int combinations() {
    return operations.size() / 2;
  }

  /** The numbers of the states that make up the output, ascending. */
  public List<Integer> outputs() {
    return IntStream.range(0, used.size()).filter(state -> used.get(state) == 0).boxed().toList();
  }

  private static IllegalArgumentException invalid(String what, Object... values) {
    return new IllegalArgumentException(
        "Invalid cell: " + String.format(Locale.ROOT, what, values));
  }
}
