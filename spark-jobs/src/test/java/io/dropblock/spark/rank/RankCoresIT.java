package io.dropblock.spark.rank;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Threads of tasks in an executor of its own, whose environment offers two to everyone. Runs after
 * the jar is made.
 */
class RankCoresIT {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  @TempDir private Path folder;

  @Test
  void tasksComputeWithTheirCoresAndNoMore() throws IOException, InterruptedException {
    run(List.of("bash", ROOT + "/submit.sh", "--prepare-runtime"));
    String classes = jar() + ":" + Path.of("target/test-classes").toAbsolutePath();
    Path counts = folder.resolve("counts");
    run(
        List.of(
            ROOT + "/.spark-runtime/bin/spark-submit",
            "--master",
            "local-cluster[1,2,1024]",
            "--properties-file",
            ROOT + "/cluster-configs/local/spark-defaults.conf",
            "--conf",
            "spark.dropblock.nativeMemory=4g",
            "--conf",
            "spark.executorEnv.OMP_NUM_THREADS=2",
            "--conf",
            "spark.driver.extraClassPath=" + classes,
            "--conf",
            "spark.executor.extraClassPath=" + classes,
            "--class",
            ThreadCensus.class.getName(),
            jar().toString(),
            counts.toString()));
    assertThat(counts)
        .content()
        .isEqualToIgnoringNewLines(
            "2 tasks: [2 2 2, 2 2 2]1 tasks: [2 2 2]2 tasks: [2 2 2, 2 2 2]");
  }

  private static Path jar() throws IOException {
    try (var jars = Files.newDirectoryStream(Path.of("target"), "dropblock-spark-*.jar")) {
      return jars.iterator().next().toAbsolutePath();
    }
  }

  private void run(List<String> command) throws IOException, InterruptedException {
    Path printed = folder.resolve("printed");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(printed.toFile());
    builder.environment().keySet().removeAll(List.of("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"));
    builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
    assertThat(builder.start().waitFor()).as(() -> text(printed)).isZero();
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return e.toString();
    }
  }
}
