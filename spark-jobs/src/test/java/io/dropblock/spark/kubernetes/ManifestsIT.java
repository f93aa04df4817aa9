package io.dropblock.spark.kubernetes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The manifests of {@code cluster-configs/kubernetes} against the API's schema. */
class ManifestsIT {
  private static final Path MANIFESTS =
      Path.of("..", "cluster-configs", "kubernetes").toAbsolutePath().normalize();

  @TempDir private Path folder;

  @Test
  void allAreAsTheSchemaHasThem() throws IOException, InterruptedException {
    List<String> files = new ArrayList<>();
    try (Stream<Path> found = Files.list(MANIFESTS)) {
      found.map(Path::toString).filter(it -> it.endsWith(".yaml")).forEach(files::add);
    }
    assertThat(files).hasSize(5);
    assertThat(faults(files)).isEmpty();
  }

  /** A field, a kind, a number and a quantity. */
  @Test
  void whatIsMisspelledIsTold() throws IOException, InterruptedException {
    List<String> files =
        List.of(
            edited("job", "claimName:", "claimNam:"),
            edited("access", "kind: RoleBinding", "kind: RoleBindings"),
            edited("job", "backoffLimit: 6", "backoffLimit: many"),
            edited("executor-pod", "2Gi", "2Gx"));
    assertThat(faults(files))
        .satisfiesExactly(
            fault -> assertThat(fault).contains("there is no field 'claimNam'"),
            fault -> assertThat(fault).contains("document 3: there is no kind 'RoleBindings'"),
            fault -> assertThat(fault).contains("\"many\""),
            fault -> assertThat(fault).contains("ephemeral-storage is no quantity: 2Gx"));
  }

  private String edited(String name, String text, String other) throws IOException {
    String manifest = Files.readString(MANIFESTS.resolve(name + ".yaml"));
    assertThat(manifest).contains(text);
    Path file = Files.createTempFile(folder, name, ".yaml");
    return Files.writeString(file, manifest.replace(text, other)).toString();
  }

  private static List<String> faults(List<String> files) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(ApiServer.command("Manifests.java", files))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String told = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).isEqualTo(told.isEmpty() ? 0 : 1);
    return told.lines().toList();
  }
}
