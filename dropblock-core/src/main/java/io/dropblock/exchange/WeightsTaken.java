package io.dropblock.exchange;

import java.util.List;

/**
 * What became of each tensor of a file and of each parameter of the network that took them.
 *
 * @param naming of the file
 * @param rows tensors in the order of the network, then what was left, then what was missing
 */
public record WeightsTaken(Naming naming, List<Row> rows) {

  /** Copies the rows. */
  public WeightsTaken {
    rows = List.copyOf(rows);
  }

  /**
   * A tensor, or a parameter that there was none for.
   *
   * @param name of the tensor; of a missing one the network's name of the parameter
   * @param fate what became of it
   * @param shape of the tensor; of a missing one that of the parameter
   * @param numbers how many it has
   * @param remark where it is now, or why it is not
   */
  public record Row(String name, Fate fate, List<Long> shape, long numbers, String remark) {}

  /** How many there are of a fate. */
  public long count(Fate fate) {
    return rows.stream().filter(row -> row.fate() == fate).count();
  }

  /** How many numbers the network has from the file. */
  public long numbers() {
    return rows.stream()
        .filter(row -> row.fate() == Fate.TAKEN || row.fate() == Fate.CONVERTED)
        .mapToLong(Row::numbers)
        .sum();
  }
}
