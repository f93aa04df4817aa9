package io.dropblock.bench.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.dropblock.bench.figure.MeasurementException;
import io.dropblock.bench.step.workload.StepKind;
import io.dropblock.bench.step.workload.StepModel;
import io.dropblock.nn.phase.Phase;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Real processes with networks of a few milliseconds a step. */
class StepMeasurementTest {
  private static final StepModel TINY = StepModel.parse("cifar-resnet8");

  @Test
  @Tag("slow")
  void measuresEveryRow() {
    StepPlan plan = new StepPlan(TINY, 2, 16, 2, 2, true, true, StepPace.QUICK);
    ByteArrayOutputStream progress = new ByteArrayOutputStream();

    StepResults results =
        StepMeasurement.run(plan, new PrintStream(progress, true, StandardCharsets.UTF_8));

    assertThat(progress.toString(StandardCharsets.UTF_8)).hasLineCount(6).contains("6/6");
    assertThat(results.figures())
        .extracting(figure -> figure.ranks().size())
        .containsExactly(1, 1, 2, 1, 1, 2);
    assertThat(results.figures())
        .allSatisfy(
            figure -> {
              assertThat(figure.repetitions()).isEqualTo(3);
              assertThat(figure.imagesPerSecond()).isBetween(figure.least(), figure.most());
              assertThat(figure.least()).isPositive();
              assertThat(figure.peak()).isBetween(50.0, 5000.0);
            });
    assertThat(results.figures(StepKind.TRAINING))
        .allSatisfy(
            figure -> {
              assertThat(figure.firstLoss()).isBetween(1.0, 10.0);
              assertThat(figure.lastLoss()).isFinite().isNotEqualTo(figure.firstLoss());
              double sum = Stream.of(Phase.values()).mapToDouble(figure::milliseconds).sum();
              // Between the phases of two steps lie only checks
              assertThat(sum).isCloseTo(figure.milliseconds(), withinPercentage(10));
              for (Phase phase : List.of(Phase.DATA, Phase.FORWARD, Phase.BACKWARD, Phase.UPDATE)) {
                assertThat(figure.milliseconds(phase)).as("%s", phase).isPositive();
              }
              assertThat(figure.milliseconds(Phase.AVERAGE)).isLessThan(sum / 10);
            });
    assertThat(results.figures(StepKind.INFERENCE))
        .allSatisfy(
            figure -> {
              for (Phase phase : StepKind.INFERENCE.phases()) {
                assertThat(figure.milliseconds(phase)).as("%s", phase).isPositive();
              }
            });
    assertThat(results.figures(StepKind.TRAINING))
        .extracting(StepFigure::firstLoss)
        .as("the same network, batch and masks")
        .allSatisfy(loss -> assertThat(loss).isCloseTo(firstLoss(results), withinPercentage(0.01)));
  }

  private static double firstLoss(StepResults results) {
    return results.figures(StepKind.TRAINING).get(0).firstLoss();
  }

  @Test
  void saysWhatFailedAndWhy() {
    StepModel unknown = new StepModel("nonsense", TINY.architecture(), 16, 10, TINY.dropBlock());
    StepPlan plan = new StepPlan(unknown, 2, 16, 1, 1, false, false, StepPace.QUICK);
    PrintStream progress =
        new PrintStream(new ByteArrayOutputStream(), false, StandardCharsets.UTF_8);

    assertThatThrownBy(() -> StepMeasurement.run(plan, progress))
        .isInstanceOf(MeasurementException.class)
        .hasMessageStartingWith(
            "Cannot measure training of nonsense, ours, 1 thread: Unknown model: 'nonsense', write")
        .message()
        .hasLineCount(1);
  }
}
