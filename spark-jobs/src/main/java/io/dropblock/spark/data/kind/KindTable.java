package io.dropblock.spark.data.kind;

import io.dropblock.spark.text.Count;
import java.util.List;

/**
 * What the table of a data set says of one kind of annotations beside what it says of any. Tallies
 * that are handed in are of this kind; by itself it says nothing more.
 */
public interface KindTable {
  /** The title over the counts of the classes. */
  default String balanceTitle() {
    return "class balance";
  }

  /** How many of what were left out of the data set as broken. */
  default String broken(int count) {
    return Count.of(count, "broken image");
  }

  /** The lines of tables of its own, with an empty one behind each. */
  default List<String> tables(ClassTally train, ClassTally val) {
    return List.of();
  }

  /** Titles of further columns of the table of classes. */
  default String titles() {
    return "";
  }

  /** What stands in these columns for a class. */
  default String cells(ClassTally train, ClassTally val, int label) {
    return "";
  }

  /** Rows behind those of the classes: what stands in these columns, then a name. */
  default List<Row> more(ClassTally train, ClassTally val) {
    return List.of();
  }

  /**
   * A row that is of no class.
   *
   * @param cells under the titles
   * @param name such as {@code void}
   */
  record Row(String cells, String name) {}
}
