package io.dropblock.bench.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropblock.bench.figure.TensorShape;
import io.dropblock.bench.op.OpPlan;
import io.dropblock.spark.cli.Answer;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

class OpCommandTest {
  @TempDir private Path folder;

  @Test
  void measuresTheShapesOfTheIssueByDefault() {
    OpPlan plan = plan();

    assertThat(plan.shapes())
        .extracting(TensorShape::toString)
        .containsExactly(
            "32x256x28x28", "32x1024x14x14", "32x2048x7x7", "8x64x112x112", "1x256x80x80");
    assertThat(plan.threads()).startsWith(1);
    assertThat(plan.forks()).isEqualTo(1);
  }

  @Test
  void takesShapesAndThreads() {
    OpPlan plan = plan("--shapes", "1x2x9x8,2x2x7x7", "--threads", "1", "--quick");

    assertThat(plan.shapes())
        .containsExactly(new TensorShape(1, 2, 9, 8), new TensorShape(2, 2, 7, 7));
    assertThat(plan.threads()).containsExactly(1);
    assertThat(plan.iterations()).isLessThan(plan().iterations());
  }

  @Test
  void refusesWhatCannotBeMeasured() {
    int processors = Runtime.getRuntime().availableProcessors();
    for (int threads : List.of(0, processors + 1)) {
      assertThatThrownBy(() -> plan("--threads", "1," + threads))
          .hasMessage(
              "Invalid number of threads: %d, there are %d processors", threads, processors);
    }
    assertThatThrownBy(() -> plan("--shapes", "32x28"))
        .isInstanceOf(ParameterException.class)
        .hasMessageContaining("Invalid shape: '32x28', write it like 32x256x28x28");
  }

  @Test
  void refusesAFileThatCannotBeWrittenBeforeItMeasures() {
    Path file = folder.resolve("missing/op.json");

    int status = Answer.to("bench", "op", "--json", file.toString()).status();

    assertThat(status).isEqualTo(2);
  }

  private static OpPlan plan(String... arguments) {
    OpCommand command = new OpCommand();
    new CommandLine(command).parseArgs(arguments);
    return command.plan();
  }
}
