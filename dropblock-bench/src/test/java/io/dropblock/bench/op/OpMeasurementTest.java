package io.dropblock.bench.op;

import static org.assertj.core.api.Assertions.assertThat;

import io.dropblock.bench.figure.TensorShape;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.openjdk.jmh.runner.options.TimeValue;

class OpMeasurementTest {
  @Test
  @Tag("slow")
  void measuresEveryCase() {
    TensorShape tiny = new TensorShape(2, 3, 9, 9);
    OpPlan plan = new OpPlan(List.of(tiny), List.of(1), 0, 0, 1, TimeValue.milliseconds(5));
    ByteArrayOutputStream printed = new ByteArrayOutputStream();

    OpResults results =
        OpMeasurement.run(plan, new PrintStream(printed, true, StandardCharsets.UTF_8));

    assertThat(results.figures()).extracting(OpFigure::what).containsExactly(OpCase.values());
    assertThat(results.figures())
        .allSatisfy(
            figure -> {
              assertThat(figure.median()).isPositive();
              assertThat(figure.calls()).isPositive();
            });
    assertThat(printed.toString(StandardCharsets.UTF_8))
        .hasLineCount(OpCase.values().length)
        .contains("9/9")
        .contains("0:00 min left");
  }

  @Test
  void copiesEverySlice() throws Exception {
    for (int threads : List.of(1, 2)) {
      for (int length : List.of(1, 15, 16, 17, 1000, 4096)) {
        INDArray from = Nd4j.rand(DataType.FLOAT, length);
        INDArray to = Nd4j.zeros(DataType.FLOAT, length);
        try (PlainCopy copy = new PlainCopy(from, to, threads)) {
          copy.run();
          to.assign(0);
          copy.run();
        }
        assertThat(to).isEqualTo(from);
      }
    }
  }
}
