package io.dropblock.bench.op;

import static org.assertj.core.api.Assertions.assertThat;

import io.dropblock.bench.figure.Machine;
import io.dropblock.bench.figure.TensorShape;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class OpTableTest {
  @Test
  void showsMediansRatiosAndTargets() {
    String table = OpTable.of(SampleResults.of(SampleResults.QUIET)).replaceAll(" +", " ");

    assertThat(table)
        .contains("Processor X, 2 processors, load average before 0.25, Java 17.0.1 Vendor")
        .contains("1 thread: median ms (x copy) 32x256x28x28")
        .contains("copy, memcpy in slices 2.000 (1.0x)")
        .contains("copy, ND4J assign 2.500 (1.3x)")
        .contains("naive ND4J, out of place 54.000 (27.0x)")
        .contains("2 threads: median ms (x copy) 32x256x28x28")
        .contains("forward in place 1.400 (1.4x)")
        .contains("forward in place / copy <= 1.5 1.40 reached")
        .contains("forward out of place / copy <= 2.0 2.25 MISSED")
        .contains("naive / forward out of place >= 10.0 12.00 reached")
        .contains("sample / forward in place <= 0.33 0.36 MISSED")
        .doesNotContain("WARNING");
  }

  @Test
  void columnsStandUnderTheirShapes() {
    List<String> lines = OpTable.of(SampleResults.of(SampleResults.QUIET)).lines().toList();

    assertStandsUnder(lines, "1 thread", OpCase.values().length);
    assertStandsUnder(lines, "2 threads", OpCase.values().length);
    assertStandsUnder(lines, "Targets", OpTarget.values().length);
  }

  /** With one shape all lines of a table end where its last column does. */
  private static void assertStandsUnder(List<String> lines, String head, int rows) {
    int begin =
        IntStream.range(0, lines.size())
            .filter(line -> lines.get(line).startsWith(head))
            .findFirst()
            .orElseThrow();
    assertThat(lines.subList(begin, begin + rows + 1))
        .extracting(String::length)
        .containsOnly(lines.get(begin).length());
    assertThat(lines.get(begin + rows + 1)).isEmpty();
  }

  @Test
  void warnsOfAMachineThatIsNotQuiet() {
    for (double load : List.of(0.51, -1.0)) {
      Machine busy = new Machine("Processor X", 2, load, "17");
      assertThat(OpTable.of(SampleResults.of(busy))).contains("WARNING: the load average");
    }
  }

  @Test
  void leavesOpenWhatWasNotMeasured() {
    OpFigure alone = new OpFigure(OpCase.SAMPLE, SampleResults.SHAPE, 1, 1, 1, 1, 1);
    OpResults results = new OpResults(SampleResults.QUIET, List.of(alone));

    assertThat(OpTable.of(results).replaceAll(" +", " "))
        .contains("naive ND4J, out of place -")
        .contains("forward in place / copy <= 1.5 -")
        .doesNotContain("MISSED");
  }

  @Test
  void comparesWithTheFasterCopy() {
    TensorShape shape = SampleResults.SHAPE;
    List<OpFigure> figures =
        List.of(
            new OpFigure(OpCase.COPY_MEMCPY, shape, 1, 3, 3, 3, 1),
            new OpFigure(OpCase.COPY_ASSIGN, shape, 1, 2, 2, 2, 1));

    assertThat(new OpResults(SampleResults.QUIET, figures).copy(shape, 1)).isEqualTo(2);
  }
}
