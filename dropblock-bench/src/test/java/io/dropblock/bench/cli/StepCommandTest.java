package io.dropblock.bench.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropblock.bench.step.StepPace;
import io.dropblock.bench.step.StepPlan;
import io.dropblock.spark.cli.Answer;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

class StepCommandTest {
  private static final int PROCESSORS = Runtime.getRuntime().availableProcessors();

  @TempDir private Path folder;

  @Test
  void measuresResNet50OnAllProcessorsByDefault() {
    StepPlan plan = plan();

    assertThat(plan.model().name()).isEqualTo("resnet50");
    assertThat(plan.batch()).isEqualTo(8);
    assertThat(plan.size()).isEqualTo(224);
    assertThat(plan.threads()).isEqualTo(PROCESSORS);
    assertThat(plan.ranks()).isEqualTo(1);
    assertThat(plan.stock()).isFalse();
    assertThat(plan.dropBlock()).isFalse();
    assertThat(plan.pace()).isEqualTo(StepPace.THOROUGH);
  }

  @Test
  void takesWhatIsAskedFor() {
    StepPlan plan =
        plan(
            "--model=cifar-resnet20",
            "--batch=2",
            "--threads=1",
            "--stock",
            "--dropblock",
            "--quick");

    assertThat(plan.model().name()).isEqualTo("cifar-resnet20");
    assertThat(plan.batch()).isEqualTo(2);
    assertThat(plan.size()).isEqualTo(32);
    assertThat(plan.threads()).isEqualTo(1);
    assertThat(plan.stock()).isTrue();
    assertThat(plan.dropBlock()).isTrue();
    assertThat(plan.pace()).isEqualTo(StepPace.QUICK);
    assertThat(plan("--model=segmentation-r50").size()).isEqualTo(513);
    assertThat(plan("--model=retinanet-r50").size()).isEqualTo(640);
    assertThat(plan("--size=64").size()).isEqualTo(64);
    assertThat(plan("--steps=201").pace().steps()).isEqualTo(41);
    assertThat(plan("--steps=4").pace()).isEqualTo(StepPace.THOROUGH);
  }

  @Test
  void refusesWhatCannotBeMeasured() {
    assertRefused(
        String.format(
            Locale.ROOT,
            "Invalid number of threads: %d, there are %d processors",
            PROCESSORS + 1,
            PROCESSORS),
        "--threads=" + (PROCESSORS + 1));
    assertRefused(
        String.format(
            Locale.ROOT, "Invalid number of threads: 0, there are %d processors", PROCESSORS),
        "--threads=0");
    assertRefused("Invalid number of ranks: 0 is below 1", "--ranks=0");
    assertRefused("Invalid number of steps: 0 is below 1", "--steps=0");
    assertRefused("Invalid batch: -1 is below 1", "--batch=-1");
    assertRefused(
        "Invalid number of ranks: 2, the number of threads, 1, is no multiple of it",
        "--threads=1",
        "--ranks=2");
    assertRefused(
        "Unknown model: 'vgg16', write resnet50, resnet101, resnet152, cifar-resnet20,"
            + " segmentation-r50, segmentation-r101, retinanet-r50, retinanet-r101, amoebanet-b,"
            + " amoebanet-b-6-256 or amoebanet-toy",
        "--model=vgg16");
    assertRefused(
        "Invalid CIFAR ResNet depth: 21 is not 6 n + 2 with n of at least 1",
        "--model=cifar-resnet21");
    assertRefused(
        "Cannot measure segmentation-r50 with stock DL4J: it has no layers for a feature pyramid;"
            + " leave out --stock",
        "--model=segmentation-r50",
        "--stock");
    assertRefused(
        "Cannot measure retinanet-r50 with stock DL4J: it has no layers for a feature pyramid;"
            + " leave out --stock",
        "--model=retinanet-r50",
        "--stock");
  }

  @Test
  void refusesAFileThatCannotBeWrittenBeforeItMeasures() {
    Path file = folder.resolve("missing/step.json");

    assertThat(Answer.to("bench", "step", "--json", file.toString()).status()).isEqualTo(2);
  }

  private static void assertRefused(String message, String... arguments) {
    assertThatThrownBy(() -> plan(arguments))
        .isInstanceOf(ParameterException.class)
        .hasMessage(message);
  }

  private static StepPlan plan(String... arguments) {
    StepCommand command = new StepCommand();
    new CommandLine(command).parseArgs(arguments);
    return command.plan();
  }
}
