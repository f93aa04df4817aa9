package io.dropblock.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code submit.sh --gpu} asks for. */
class GpuSubmitTest {
  private static final Path ROOT = ScriptRun.root();

  @TempDir private Path folder;

  @Test
  void givesEachExecutorAGpu() throws Exception {
    List<String> words = dryRun(Map.of(), "--gpu", "train").words();

    assertThat(after(words, "--master")).startsWith("local-cluster[1,");
    assertThat(words)
        .contains(
            "BACKEND_PRIORITY_CPU=1000",
            "spark.executor.resource.gpu.amount=1",
            "spark.task.resource.gpu.amount=1",
            "spark.worker.resource.gpu.discoveryScript=" + ROOT + "/cluster-configs/gpus.sh")
        .anyMatch(word -> word.matches(".*/dropblock-gpu-[^/]*\\.jar"))
        .noneMatch(word -> word.contains("dropblock-spark-"));
  }

  @Test
  void settingsAreStrongerThanThoseForGpus() throws Exception {
    List<String> words =
        dryRun(
                Map.of("BACKEND_PRIORITY_CPU", "0"),
                "--gpu",
                "--conf",
                "spark.executor.instances=4",
                "--conf",
                "spark.task.resource.gpu.amount=0.5",
                "train")
            .words();

    assertThat(after(words, "--master")).startsWith("local-cluster[4,");
    assertThat(words.lastIndexOf("spark.task.resource.gpu.amount=0.5"))
        .isGreaterThan(words.indexOf("spark.task.resource.gpu.amount=1"));
    assertThat(words).contains("BACKEND_PRIORITY_CPU=0");
  }

  @Test
  void bringsTheSearchForGpusToYarn() throws Exception {
    Map<String, String> environment = Map.of("HADOOP_CONF_DIR", folder.toString());

    assertThat(dryRun(environment, "--cluster", "yarn", "--gpu", "train").words())
        .contains(
            "spark.yarn.dist.files=" + ROOT + "/cluster-configs/gpus.sh",
            "spark.executor.resource.gpu.discoveryScript=./gpus.sh");
  }

  @Test
  void asksForNoGpuUnlessToldTo() throws Exception {
    assertThat(dryRun(Map.of(), "train").words()).noneMatch(word -> word.contains(".gpu."));
    assertThat(dryRun(Map.of(), "--gpu", "describe", "demo").words())
        .noneMatch(word -> word.contains(".gpu."))
        .anyMatch(word -> word.contains("/dropblock-spark-"));
  }

  private static String after(List<String> words, String option) {
    assertThat(words).contains(option);
    return words.get(words.indexOf(option) + 1);
  }

  private ScriptRun dryRun(Map<String, String> environment, String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("--dry-run"));
    command.addAll(List.of(arguments));
    return ScriptRun.of(
        folder, ROOT.resolve("submit.sh"), environment, command.toArray(String[]::new));
  }
}
