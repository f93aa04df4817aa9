package io.dropblock.spark;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dropblock.spark.data.shard.Shard;
import io.dropblock.spark.data.shard.TestShards;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Trials by submit.sh, on executors in JVMs of their own: two of them twice, then one with the
 * cores and the memory of both. Runs after the jar is made.
 */
class TuneIT {
  private static final List<String> SMALL =
      List.of(
          "data.classes=5",
          "data.size=16",
          "data.pad=2",
          "model.width=2",
          "train.slots=2",
          "train.local_batch=8",
          "train.prefetch=2");

  @TempDir private Path folder;

  private Shard shard(String split, int images) throws IOException {
    Files.createDirectories(folder.resolve("data"));
    return TestShards.write(
        folder.resolve("data"),
        String.format(Locale.ROOT, "%s-00000.parquet", split),
        TestShards.records(split, images, 5),
        64);
  }

  @Test
  void oneExecutorInPlaceOfTwo() throws IOException, InterruptedException {
    TestShards.write(
        folder.resolve("data"),
        TestShards.manifest(List.of(shard("train", 640)), List.of(shard("val", 8)), 5));
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--conf",
                "spark.executor.memory=600m",
                "--conf",
                "spark.dropblock.nativeMemory=1g",
                "--conf",
                "spark.executor.cores=1",
                "tune",
                "demo",
                "--data",
                "data",
                "--seconds",
                "1",
                "--try",
                "executors",
                "--out",
                "trials.json"));
    SMALL.forEach(set -> arguments.addAll(List.of("--set", set)));
    Submission submission = Submission.start(folder, arguments).succeed();

    JsonNode trials = new ObjectMapper().readTree(folder.resolve("trials.json").toFile());
    assertThat(trials).as(submission::text).hasSize(3);
    int[] executors = {2, 2, 1};
    for (int i = 0; i < 3; i++) {
      JsonNode trial = trials.get(i);
      assertThat(trial.get("executors").asInt()).isEqualTo(executors[i]);
      assertThat(trial.get("cores").asInt() * executors[i]).isEqualTo(2);
      assertThat(trial.get("ranks").asInt()).isEqualTo(executors[i]);
      assertThat(trial.get("slots").asInt() * trial.get("local_batch").asInt()).isEqualTo(16);
      assertThat(trial.path("images_per_second").asDouble()).as(submission::text).isPositive();
      assertThat(trial.get("slices").asInt()).isGreaterThanOrEqualTo(3);
      assertThat(trial.get("resident").asLong())
          .isGreaterThan(trial.get("outside_heap").asLong())
          .isBetween(100L << 20, 1L << 40);
    }
    assertThat(submission.text())
        .contains("Present:    2 executors of 1 core; 2 x 8 images, prefetch 2 (16 images a step)")
        .contains("1 executor of 2 cores; 2 x 8 images, prefetch 2");
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left.map(file -> file.getFileName().toString()))
          .allMatch(name -> name.matches("data|trials\\.json|printed.*"));
    }
  }
}
