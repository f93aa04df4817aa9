package io.dropblock.spark.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropblock.spark.text.Table.Column;
import org.junit.jupiter.api.Test;

class TableTest {

  @Test
  void columnsAreAsWideAsTheirWidestCell() {
    Table table =
        Table.of("images/s", "median", "least")
            .row("ours, 2 threads", "8.00", "6.4")
            .row("stock", "1234.00", "3.2");

    assertThat(table.lines())
        .containsExactly(
            "images/s          median  least",
            "ours, 2 threads     8.00    6.4",
            "stock            1234.00    3.2");
  }

  @Test
  void wordsBeginAtTheLeft() {
    Table table =
        Table.of(Column.right("images"), Column.left("class"), Column.left("of"))
            .row("12", "Gänse", "x")
            .row("1,000", "hens", "y");

    assertThat(table.lines())
        .containsExactly("images  class  of", "    12  Gänse  x", " 1,000  hens   y");
  }

  /** A letter outside the basic plane is two chars, and one letter. */
  @Test
  void countsLetters() {
    assertThat(Table.of("", "n").row("\uD835\uDC00", "1").row("ab", "2").lines())
        .containsExactly("    n", "\uD835\uDC00   1", "ab  2");
  }

  @Test
  void aRowMayEndEarlyAndNoLineEndsInBlanks() {
    Table table =
        Table.of("target", "is", "").row("a", "1.00", "reached").row("b", "2").row("c", "");

    assertThat(table.toString())
        .isEqualTo(
            String.join(
                System.lineSeparator(),
                "target    is",
                "a       1.00  reached",
                "b          2",
                "c",
                ""));
  }

  @Test
  void refusesACellWithoutAColumn() {
    assertThatThrownBy(() -> Table.of("a", "b").row("1", "2", "3"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot add row [1, 2, 3]: the table has 2 columns");
  }
}
