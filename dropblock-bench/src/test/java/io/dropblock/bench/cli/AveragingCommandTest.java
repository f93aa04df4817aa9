package io.dropblock.bench.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dropblock.bench.averaging.AveragingPace;
import io.dropblock.bench.averaging.AveragingPlan;
import io.dropblock.spark.cli.Answer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

class AveragingCommandTest {
  @TempDir private Path folder;

  /**
   * Two processes each for the ring, the chain and the transfer, and twice a Spark with two
   * executors.
   */
  @Test
  @Tag("slow")
  void measuresEveryRow() throws IOException {
    Path file = folder.resolve("averaging.json");
    Answer answer =
        answer("--quick", "--parameters=5000", "--rounds=3", "--encrypt", "--json=" + file);

    assertThat(answer.status()).isZero();
    assertThat(answer.out())
        .contains("2 arrays of 5,000 floats")
        .contains("bare transfer of the same bytes")
        .contains("stock master, 1,000 floats")
        .contains("ring / bare transfer")
        .contains("rounds 1 to 3");
    JsonNode root = new ObjectMapper().readTree(file.toFile());
    assertThat(root.get("benchmark").asText()).isEqualTo("averaging");
    assertThat(root.get("world").asInt()).isEqualTo(2);
    assertThat(texts(root.get("rounds"), "case"))
        .containsExactly("ring", "chain", "ring, encrypted", "chain, encrypted", "bare transfer");
    assertThat(texts(root.get("encrypted_over_clear"), "case")).containsExactly("ring", "chain");
    assertThat(root.at("/encrypted_over_clear/0/time").asDouble()).isPositive();
    // 2 (world - 1) / world of the array, and 16 bytes that announce it
    assertThat(root.at("/rounds/0/bytes_sent").asLong()).isEqualTo(20_000 + 16);
    assertThat(root.at("/rounds/1/bytes_sent").asLong()).isEqualTo(20_000 + 16);
    assertThat(root.at("/rounds/4/bytes_sent").asLong()).isEqualTo(20_000);
    assertThat(root.at("/rounds/0/median_ms").asDouble()).isPositive();
    assertThat(root.at("/rounds/0/rounds").asInt()).isEqualTo(3);
    assertThat(texts(root.get("fits"), "master")).containsExactly("ring", "stock", "ring", "stock");
    assertThat(texts(root.get("fits"), "parameters"))
        .containsExactly("5000", "5000", "1000", "1000");
    assertThat(root.get("fits"))
        .allSatisfy(fit -> assertThat(fit.get("step_ms").asDouble()).isPositive());
    assertThat(texts(root.get("targets"), "target"))
        .containsExactly(
            "ring / bare transfer",
            "chain / bare transfer",
            "stock master / ring",
            "fixed cost, ring, ms");
  }

  @Test
  void measuresResNet50OnTwoRanksByDefault() {
    assertThat(plan()).isEqualTo(new AveragingPlan(25_557_032, 2, false, AveragingPace.THOROUGH));
    assertThat(plan("--quick", "--world=4", "--parameters=10", "--rounds=500", "--encrypt"))
        .isEqualTo(new AveragingPlan(10, 4, true, AveragingPace.QUICK.ofRounds(500)));
  }

  @Test
  void refusesWhatCannotBeMeasured() {
    assertRefused(
        "Invalid number of parameters: 2 is not one from 3 to 100000000", "--parameters=2");
    assertRefused(
        "Invalid number of parameters: 100000001 is not one from 3 to 100000000",
        "--parameters=100000001");
    assertRefused("Invalid number of ranks: 1 is not one from 2 to 64", "--world=1");
    assertRefused("Invalid number of ranks: 65 is not one from 2 to 64", "--world=65");
    assertRefused("Invalid number of rounds: 0 is below 1", "--rounds=0");
    assertThat(answer("--world=two").status()).isEqualTo(2);
    assertThat(answer("--world=1").status()).isEqualTo(2);
    assertThat(answer("--json=" + folder.resolve("missing/averaging.json")).status()).isEqualTo(2);
  }

  private static Answer answer(String... arguments) {
    String[] all = new String[arguments.length + 2];
    all[0] = "bench";
    all[1] = "averaging";
    System.arraycopy(arguments, 0, all, 2, arguments.length);
    return Answer.to(all);
  }

  private static List<String> texts(JsonNode nodes, String key) {
    return StreamSupport.stream(nodes.spliterator(), false)
        .map(node -> node.get(key).asText())
        .toList();
  }

  private static void assertRefused(String message, String... arguments) {
    assertThatThrownBy(() -> plan(arguments))
        .isInstanceOf(ParameterException.class)
        .hasMessage(message);
  }

  private static AveragingPlan plan(String... arguments) {
    AveragingCommand command = new AveragingCommand();
    new CommandLine(command).parseArgs(arguments);
    return command.plan();
  }
}
