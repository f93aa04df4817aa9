package io.dropblock.bench.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dropblock.bench.input.InputMeasurement;
import io.dropblock.bench.input.InputPace;
import io.dropblock.bench.input.InputPlan;
import io.dropblock.spark.cli.Answer;
import io.dropblock.spark.data.DataException;
import io.dropblock.spark.data.shard.Shard;
import io.dropblock.spark.data.shard.TestShards;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

class InputCommandTest {
  @TempDir private Path folder;

  @Test
  void measuresEveryPart() throws IOException {
    store(100);
    Path file = folder.resolve("input.json");
    String data = "--data=" + folder;
    Answer answer =
        Answer.to("bench", "input", "--quick", data, "--size=8", "--batch=16", "--json=" + file);

    assertThat(answer.status()).isZero();
    assertThat(answer.out())
        .contains("8 x 8 training crops of the 100 images")
        .contains("batches of 16, 1 thread")
        .contains(", at full size")
        .contains("decode and augment")
        .contains("feed / decode and augment")
        .contains("memory over 3 epochs");
    JsonNode root = new ObjectMapper().readTree(file.toFile());
    assertThat(root.get("benchmark").asText()).isEqualTo("input");
    assertThat(root.get("images").asInt()).isEqualTo(100);
    assertThat(root.get("scaled_decoding").asBoolean(true)).isFalse();
    assertThat(
            StreamSupport.stream(root.get("figures").spliterator(), false)
                .map(figure -> figure.get("case").asText()))
        .containsExactly(
            "read", "decode whole images", "augment decoded images", "decode and augment", "feed");
    assertThat(root.get("figures"))
        .allSatisfy(
            figure -> assertThat(figure.get("images_per_second_and_core").asDouble()).isPositive());
    assertThat(root.at("/memory/epochs").asInt()).isEqualTo(3);
    assertThat(root.at("/targets/0/value").asDouble()).isPositive();
  }

  @Test
  void measuresTrainingCropsOnOneThreadByDefault() {
    assertThat(plan("--data=d"))
        .isEqualTo(new InputPlan("d", 224, 1, 32, false, InputPace.THOROUGH));
    assertThat(plan("--data=d", "--quick", "--size=96", "--batch=8", "--scaled-decoding"))
        .isEqualTo(new InputPlan("d", 96, 1, 8, true, InputPace.QUICK));
  }

  @Test
  void refusesWhatCannotBeMeasured() throws IOException {
    assertRefused("Missing required option: '--data=DIR'");
    assertRefused("Invalid size: 0 is not one from 1 to 4096", "--data=d", "--size=0");
    assertRefused("Invalid batch: 0 is not one from 1 to 4096", "--data=d", "--batch=0");
    store(10);
    assertThatThrownBy(() -> InputMeasurement.run(plan("--data=" + folder), System.err))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "Cannot measure on %s: it has 10 images to train on, fewer than a batch of 32", folder);
  }

  private void store(int images) throws IOException {
    Shard shard =
        TestShards.write(folder, "train-00000.parquet", TestShards.records("train", images, 5), 64);
    TestShards.write(folder, TestShards.manifest(List.of(shard), List.of(), 5));
  }

  private static InputPlan plan(String... arguments) {
    InputCommand command = new InputCommand();
    new CommandLine(command).parseArgs(arguments);
    return command.plan();
  }

  private static void assertRefused(String message, String... arguments) {
    assertThatThrownBy(() -> plan(arguments))
        .isInstanceOf(ParameterException.class)
        .hasMessage(message);
  }
}
