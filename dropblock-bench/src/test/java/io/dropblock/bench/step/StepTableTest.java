package io.dropblock.bench.step;

import static org.assertj.core.api.Assertions.assertThat;

import io.dropblock.bench.figure.Machine;
import java.util.List;
import org.junit.jupiter.api.Test;

class StepTableTest {
  private static final StepPlan WHOLE = SampleSteps.plan(2, true);

  @Test
  void showsRatesRatiosPhasesAndMemory() {
    assertThat(table(WHOLE).replaceAll(" +", " "))
        .contains("ResNet-50, batch 8, 224x224, 1000 classes, DropBlock off, synthetic images")
        .contains("Processor X, 2 processors, load average before 0.25, Java 17.0.1 Vendor")
        .contains("images/s training least most inference least most")
        .contains("ours, 2 threads 8.00 6.40 10.00 64.00 51.20 80.00")
        .contains("stock DL4J, 2 threads 4.00 3.20 5.00 32.00 25.60 40.00")
        .contains("ours, 2 ranks of 1 thread 7.62 6.10 9.52 60.95 48.76 76.19")
        .contains("ours / stock DL4J 2.00x 2.00x")
        .contains("2 ranks / 1 0.95x 0.95x")
        .contains("target, training: >= 0.90x reached")
        .contains("training, ms a step data forward backward average update step first loss")
        .contains("ours, 2 threads 10.00 300.00 600.00 5.00 85.00 1000.00 7.125 6.250")
        .contains("ours, 2 ranks of 1 thread 21.00 630.00 1260.00 10.50 178.50 2100.00 7.625 6.250")
        .contains("inference, ms a step data forward postprocessing step")
        .contains("ours, 2 threads 1.00 100.00 24.00 125.00")
        .contains("ours, 2 ranks of 1 thread 2.10 210.00 50.40 262.50")
        .contains("memory, MiB training growth inference growth")
        .contains("stock DL4J, 2 threads 2000 3 1000 0")
        .contains("ours, 2 ranks of 1 thread 2001 3 1000 0")
        .contains("median, least and most of 3 repetitions")
        .contains("inference: ours without batch normalisation, which is folded")
        .doesNotContain("WARNING");
  }

  @Test
  void columnsStandUnderTheirNames() {
    List<String> lines = table(WHOLE).lines().toList();

    for (String header : List.of("images/s ", "training, ms", "inference, ms")) {
      int begin = indexOf(lines, header);
      assertThat(lines.subList(begin, begin + 4))
          .extracting(String::length)
          .containsOnly(lines.get(begin).length());
    }
  }

  @Test
  void saysThatTheTargetIsMissed() {
    StepResults whole = SampleSteps.of(WHOLE, SampleSteps.QUIET);
    List<StepFigure> slowRanks =
        whole.figures().stream()
            .map(
                figure ->
                    figure.setup().what() == StepCase.OURS
                        ? new StepFigure(
                            figure.setup(), figure.kind(), figure.batch() * 2, figure.ranks())
                        : figure)
            .toList();

    assertThat(StepTable.of(new StepResults(WHOLE, SampleSteps.QUIET, slowRanks)))
        .contains("0.48x")
        .containsPattern("target, training: >= 0.90x +MISSED");
  }

  @Test
  void leavesOutWhatNobodyAskedFor() {
    assertThat(table(SampleSteps.plan(1, false)))
        .contains("ours, 2 threads")
        .doesNotContain("stock", "ranks / 1", "target", "ranks of");
  }

  @Test
  void warnsOfAMachineThatIsNotQuiet() {
    Machine busy = new Machine("Processor X", 2, 0.51, "17");

    assertThat(StepTable.of(SampleSteps.of(WHOLE, busy))).contains("WARNING: the load average");
  }

  private static String table(StepPlan plan) {
    return StepTable.of(SampleSteps.of(plan, SampleSteps.QUIET));
  }

  private static int indexOf(List<String> lines, String begin) {
    return lines.indexOf(
        lines.stream().filter(line -> line.startsWith(begin)).findFirst().orElseThrow());
  }
}
