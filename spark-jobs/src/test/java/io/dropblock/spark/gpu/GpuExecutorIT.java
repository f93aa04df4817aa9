package io.dropblock.spark.gpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * An executor of its own, with GPUs that only an {@code nvidia-smi} of our own knows. Runs after
 * the jar is made.
 */
class GpuExecutorIT {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  @TempDir private Path folder;

  @Test
  void tasksSideBySideHaveGpusOfTheirOwn() throws IOException, InterruptedException {
    assertThat(census(false, "spark.executor.resource.gpu.amount=2")).isEqualTo("[0, 1]");
  }

  @Test
  void anExecutorWithoutWhatItNeedsIsRefusedInOneSentence()
      throws IOException, InterruptedException {
    assertThat(census(true, "spark.executor.resource.gpu.amount=1"))
        .isEqualTo(
            "Cannot train on GPU 0 of 127.0.0.1: this jar computes in main memory; submit with"
                + " --gpu, which builds the other one");
  }

  private String census(boolean looked, String gpus) throws IOException, InterruptedException {
    Path nvidiaSmi = folder.resolve("nvidia-smi");
    Files.writeString(nvidiaSmi, "#!/bin/bash\nprintf '0\\n1\\n'\n");
    assertThat(nvidiaSmi.toFile().setExecutable(true)).isTrue();
    run(List.of("bash", ROOT + "/submit.sh", "--prepare-runtime"));
    String classes = jar() + ":" + Path.of("target/test-classes").toAbsolutePath();
    Path census = folder.resolve("census");
    List<String> command =
        new ArrayList<>(
            List.of(
                ROOT + "/.spark-runtime/bin/spark-submit",
                "--master",
                "local-cluster[1,2,1024]",
                "--properties-file",
                ROOT + "/cluster-configs/local/spark-defaults.conf"));
    for (String setting :
        List.of(
            "spark.dropblock.nativeMemory=1g",
            "spark.driver.extraClassPath=" + classes,
            "spark.executor.extraClassPath=" + classes,
            "spark.worker.resource.gpu.amount=2",
            "spark.worker.resource.gpu.discoveryScript=" + ROOT + "/cluster-configs/gpus.sh",
            "spark.task.resource.gpu.amount=1",
            gpus)) {
      command.addAll(List.of("--conf", setting));
    }
    command.addAll(List.of("--class", GpuCensus.class.getName(), jar().toString()));
    command.addAll(List.of(census.toString(), String.valueOf(looked)));
    run(command);
    return Files.readString(census);
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
    builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
    builder.environment().put("PATH", folder + ":" + System.getenv("PATH"));
    builder.environment().remove("CUDA_VISIBLE_DEVICES");
    Process process = builder.start();
    boolean ended = process.waitFor(2, TimeUnit.MINUTES);
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    assertThat(ended).as(() -> text(printed)).isTrue();
    assertThat(process.exitValue()).as(() -> text(printed)).isZero();
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return e.toString();
    }
  }
}
