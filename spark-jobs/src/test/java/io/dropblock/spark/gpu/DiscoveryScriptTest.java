package io.dropblock.spark.gpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.apache.spark.resource.ResourceInformation;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code cluster-configs/gpus.sh} beside an {@code nvidia-smi} of our own, read by Spark. */
class DiscoveryScriptTest {
  private static final Path SCRIPT =
      Path.of("..", "cluster-configs", "gpus.sh").toAbsolutePath().normalize();

  @TempDir private Path folder;

  private record Answer(int code, String out, String err) {
    String[] addresses() {
      assertThat(code).as(err).isZero();
      ResourceInformation gpus = ResourceInformation.parseJson(out);
      assertThat(gpus.name()).isEqualTo("gpu");
      return gpus.addresses();
    }
  }

  @BeforeAll
  static void hasBash() {
    assumeThat(Path.of("/bin/bash")).as("bash, to run gpus.sh").exists();
  }

  @Test
  void givesTheirNumbers() throws Exception {
    assertThat(find("printf '0\\n'").addresses()).containsExactly("0");
    assertThat(find("printf '0\\n1\\n2\\n'").addresses()).containsExactly("0", "1", "2");
  }

  @Test
  void asksForNothingButTheIndex() throws Exception {
    find("echo \"$@\" >" + folder.resolve("asked") + "; echo 0");
    assertThat(folder.resolve("asked")).hasContent("--query-gpu=index --format=csv,noheader");
  }

  @Test
  void countsAsCudaDoesWhereSomeArePicked() throws Exception {
    Map<String, String> some = Map.of("CUDA_VISIBLE_DEVICES", "2,3");
    assertThat(find("printf '0\\n1\\n2\\n3\\n'", some).addresses()).containsExactly("0", "1");
    assertFails(
        find("printf '0\\n'", some), "CUDA_VISIBLE_DEVICES=2,3 names more than the 1 there are");
    assertFails(
        find("printf '0\\n'", Map.of("CUDA_VISIBLE_DEVICES", "")),
        "CUDA_VISIBLE_DEVICES is empty, which hides all of them");
  }

  @Test
  void saysWhatNvidiaSmiSays() throws Exception {
    assertFails(
        find("echo 'No devices were found'; exit 6"), "nvidia-smi says: No devices were found");
    assertFails(find("echo 'No devices were found'"), "nvidia-smi says: No devices were found");
    assertFails(find("true"), "nvidia-smi says: ");
  }

  @Test
  void saysThatThereIsNoDriver() throws Exception {
    executable("bash", "exec /bin/bash \"$@\"");
    Answer answer = run(Map.of("PATH", folder.toString()));
    assertFails(answer, "nvidia-smi is not on the PATH; is NVIDIA's driver installed?");
  }

  private static void assertFails(Answer answer, String reason) {
    assertThat(answer.err()).isEqualTo("Cannot find this host's GPUs: " + reason + "\n");
    assertThat(answer.out()).isEmpty();
    assertThat(answer.code()).isOne();
  }

  private Answer find(String nvidiaSmi) throws IOException, InterruptedException {
    return find(nvidiaSmi, Map.of());
  }

  private Answer find(String nvidiaSmi, Map<String, String> environment)
      throws IOException, InterruptedException {
    executable("nvidia-smi", nvidiaSmi);
    Map<String, String> all = new HashMap<>(environment);
    all.put("PATH", folder + ":" + System.getenv("PATH"));
    return run(all);
  }

  private void executable(String name, String body) throws IOException {
    Path file = folder.resolve(name);
    Files.writeString(file, "#!/bin/bash\n" + body + "\n");
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }

  private Answer run(Map<String, String> environment) throws IOException, InterruptedException {
    Path err = folder.resolve("err");
    ProcessBuilder builder = new ProcessBuilder(SCRIPT.toString()).redirectError(err.toFile());
    builder.environment().remove("CUDA_VISIBLE_DEVICES");
    builder.environment().putAll(environment);
    Process process = builder.start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Answer(process.waitFor(), out, Files.readString(err));
  }
}
