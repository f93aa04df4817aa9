package io.dropblock.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dropblock.spark.recipe.Recipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The table of {@code check}, where ranks are threads of this process. */
@ExtendWith(SparkInThisJvm.class)
class CheckCommandTest {
  /** Longer than a busy machine may need. */
  private static final String WAIT = "120";

  @TempDir private static Path shared;
  @TempDir private Path folder;

  @BeforeAll
  static void prepare() throws IOException {
    TinyRun.prepare(shared);
  }

  private Answer check(String... more) {
    List<String> arguments = new ArrayList<>(List.of("check"));
    arguments.addAll(List.of(more));
    arguments.addAll(List.of("--wait", WAIT, "--json", folder.resolve("check.json").toString()));
    return Answer.to(arguments.toArray(String[]::new));
  }

  private JsonNode found(String check) throws IOException {
    JsonNode all = new ObjectMapper().readTree(folder.resolve("check.json").toFile());
    for (JsonNode one : all.get("checks")) {
      if (one.get("check").asText().equals(check)) {
        return one;
      }
    }
    throw new AssertionError(check + " is not in " + all);
  }

  private void assertFault(String check, String seen, String next) throws IOException {
    assertThat(found(check).get("seen").asText()).contains(seen);
    assertThat(found(check).get("next").asText()).contains(next);
    assertThat(found(check).get("verdict").asText()).isEqualTo("fault");
  }

  private static String data() {
    return shared.resolve("data").toString();
  }

  private String run() {
    return folder.resolve("run").toString();
  }

  @Test
  void aHealthyClusterHasNoFault() throws IOException {
    Answer answer = check("demo", "--data", data(), "--run", run());
    assertThat(answer.status()).as(answer::out).isZero();
    assertThat(answer.out()).contains("0 faults, ").doesNotContain("FAULT");
    for (String check :
        List.of(
            "settings",
            "data set",
            "new run",
            "run folder",
            "executors",
            "ranks",
            "clocks",
            "connections",
            "run folder of executors",
            "reading data",
            "program")) {
      assertThat(found(check).get("verdict").asText()).as(() -> answer.out()).isEqualTo("ok");
      assertThat(answer.out().lines().filter(line -> line.startsWith("ok") && line.contains(check)))
          .isNotEmpty();
    }
    assertThat(found("GPUs").get("seen").asText()).isEqualTo("none were asked for (--gpu)");
    assertThat(found("connections").get("seen").asText()).startsWith("2 connections, ");
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left.map(Path::getFileName).map(Path::toString)).containsExactly("check.json");
    }
  }

  @Test
  void withoutRecipeDataAndRunTheRestIsLookedAt() throws IOException {
    Answer answer = check();
    assertThat(answer.status()).as(answer::toString).isZero();
    assertThat(found("ranks").get("verdict").asText()).isEqualTo("not checked");
    assertThat(found("data set").get("seen").asText()).isEqualTo("no --data given");
    assertThat(found("clocks").get("verdict").asText()).isEqualTo("ok");
  }

  @Test
  void faultsOfTheDriverAreAllToldAtOnce() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));
    Answer answer =
        check(
            "cifar10-resnet20",
            "--data",
            data(),
            "--run",
            file.toString(),
            "--set",
            "train.slots=3",
            "--set",
            "train.world=2");
    assertThat(answer.status()).isEqualTo(1);
    assertFault("run folder", "file is not a directory", "give a --run that can be written");
    assertFault("data set", "it has 6 classes, the recipe 10 (data.classes)", "");
    assertThat(answer.out().lines().filter(line -> line.startsWith("FAULT"))).hasSize(2);
    assertThat(found("reading data").get("verdict").asText()).isEqualTo("not checked");
    assertThat(found("connections").get("verdict").asText()).isEqualTo("ok");
  }

  @Test
  void settingsAtFaultStartNothing() throws IOException {
    System.setProperty("spark.serializer", "org.apache.spark.serializer.KryoSerializer");
    try {
      assertThat(check("demo").status()).isEqualTo(1);
    } finally {
      System.clearProperty("spark.serializer");
    }
    assertFault("settings", "Cannot use setting spark.serializer", "leave it out");
    assertThat(found("clocks").get("seen").asText()).isEqualTo("the settings are at fault");
    Answer many = check("demo", "--set", "train.slots=9", "--set", "train.world=9");
    assertThat(many.status()).isEqualTo(1);
    assertFault("settings", "Cannot train with 9 ranks: there will be 2 task slots", "start more");
  }

  @Test
  void aClusterThatIsNotThere() throws IOException {
    System.setProperty("spark.master", "nowhere");
    try {
      assertThat(check("demo", "--data", data()).status()).isEqualTo(1);
    } finally {
      System.setProperty("spark.master", "local[2]");
    }
    assertFault("executors", "Cannot start Spark on nowhere", "");
    assertThat(found("clocks").get("seen").asText()).isEqualTo("Spark did not start");
    assertThat(found("data set").get("verdict").asText()).isEqualTo("ok");
  }

  @Test
  void aRunThatIsThereIsNoFault() throws IOException {
    Path there = Files.createDirectories(folder.resolve("run/checkpoints")).getParent();
    Files.writeString(there.resolve("recipe.yaml"), Recipe.load("demo", List.of()).toYaml());
    assertThat(check("demo", "--run", run()).status()).isZero();
    assertThat(found("new run").get("verdict").asText()).isEqualTo("warning");
    assertThat(found("new run").get("next").asText()).contains("--resume");
  }

  @Test
  void damagedDataAreToldByTheExecutorThatReads() throws IOException {
    Path copy = folder.resolve("data");
    TinyRun.copy(shared.resolve("data"), copy);
    Path shard = copy.resolve("train-00000.parquet");
    byte[] bytes = Files.readAllBytes(shard);
    for (int i = bytes.length / 4; i < bytes.length / 2; i++) {
      bytes[i] ^= 1;
    }
    Files.write(shard, bytes);
    assertThat(check("--data", copy.toString()).status()).isEqualTo(1);
    assertFault("reading data", "Cannot read shard " + shard, "prepare --check");
  }

  @Test
  void wrongUsage() {
    assertThat(Answer.to("check", "--wait", "0").error())
        .isEqualTo("Invalid --wait: 0 is not in 1 to 3600; see ./submit.sh check --help\n");
    assertThat(Answer.to("check", "--set", "seed=1").status()).isEqualTo(2);
  }
}
