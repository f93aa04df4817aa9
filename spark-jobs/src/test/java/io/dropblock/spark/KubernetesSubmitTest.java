package io.dropblock.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code submit.sh --cluster kubernetes} would run, and what it refuses. */
class KubernetesSubmitTest {
  private static final Path ROOT = ScriptRun.root();
  private static final String CLUSTER_MODE = "spark.submit.deployMode=cluster";

  @TempDir private Path folder;

  @BeforeAll
  static void hasBash() {
    assumeThat(Path.of("/bin/bash")).as("bash, to run submit.sh").exists();
  }

  @Test
  void podsGetOnlyTheFilesThatAreMeantForThem() throws Exception {
    Path conf = ROOT.resolve("cluster-configs/kubernetes/conf");
    assertThat(dryRun().words()).contains("SPARK_CONF_DIR=" + conf);
    try (var files = Files.list(conf)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactly("log4j2.properties");
    }
  }

  @Test
  void theLimitOfCoresFollowsTheCores() throws Exception {
    assertThat(dryRun("spark.executor.cores=8").setting("spark.kubernetes.executor.limit.cores"))
        .isEqualTo("8");
    assertThat(
            dryRun("spark.executor.cores=8", "spark.kubernetes.executor.limit.cores=8500m")
                .setting("spark.kubernetes.executor.limit.cores"))
        .isEqualTo("8500m");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "spark.kubernetes.executor.limit.cores=3|Invalid spark.kubernetes.executor.limit.cores: 3000m"
            + " is less than spark.executor.cores=4; leave it out, it follows",
        "spark.kubernetes.executor.limit.cores=3.5|Invalid spark.kubernetes.executor.limit.cores:"
            + " 3500m is less than spark.executor.cores=4; leave it out, it follows",
        "spark.kubernetes.executor.limit.cores=all|Invalid spark.kubernetes.executor.limit.cores: all"
            + " (write a number of cores such as 4 or 500m)",
        "spark.authenticate=true|Cannot use spark.authenticate=true: Spark would write the secret into"
            + " the spec of each pod, and executors cannot read one from a file"
            + " (cluster-configs/kubernetes/README.md)",
        "spark.authenticate.secret=x|Cannot use spark.authenticate.secret: all who may look at pods"
            + " would read it (cluster-configs/kubernetes/README.md)"
      })
  void whatCannotWorkIsRefused(String setting, String message) throws Exception {
    dryRun(setting).assertFails(2, message);
  }

  @Test
  void aDriverInAPodComputesAsOneHereDoes() throws Exception {
    ScriptRun answer = dryRun(CLUSTER_MODE);
    assertThat(answer.words())
        .contains(
            "spark.kubernetes.driverEnv.OMP_NUM_THREADS=1",
            "spark.kubernetes.driverEnv.OPENBLAS_NUM_THREADS=1",
            "spark.kubernetes.driverEnv.BACKEND_PRIORITY_CPU=1000");
    assertThat(answer.setting("spark.kubernetes.driver.pod.name"))
        .matches("dropblock-train-\\d{4}-\\d{6}-\\d+-driver");
    assertThat(
            dryRun(CLUSTER_MODE, "spark.kubernetes.driver.pod.name=mine")
                .setting("spark.kubernetes.driver.pod.name"))
        .isEqualTo("mine");
    assertThat(dryRun().out()).doesNotContain("driverEnv", "driver.pod.name");
  }

  /** In the words of Spark 3.5's {@code --status}. */
  @Test
  void theExitCodeIsThatOfTheDriversContainer() throws Exception {
    String sidecar = "\n\t\t container name: log-shipper\n\t\t exit code: 9";
    String driver =
        "\n\t\t container name: spark-kubernetes-driver\n\t\t container state: terminated\n"
            + "\t\t exit code: 3\n\t\t termination reason: Error";
    assertThat(exitCode("Application status (driver):" + sidecar + driver)).isEqualTo("3");
    assertThat(exitCode("Application status (driver):" + driver + sidecar)).isEqualTo("3");
    assertThat(exitCode("\n\t\t container name: own\n\t\t exit code: 143")).isEqualTo("143");
    assertThat(exitCode("Application not found.")).isEmpty();
  }

  private String exitCode(String status) throws Exception {
    String pods = ROOT.resolve("cluster-configs/pods.sh").toString();
    Process shell =
        new ProcessBuilder("bash", "-euc", ". \"$0\"; driver_exit_code \"$1\"", pods, status)
            .start();
    String code = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(shell.waitFor()).isZero();
    return code;
  }

  private ScriptRun dryRun(String... settings) throws Exception {
    List<String> command = new ArrayList<>(List.of("--dry-run", "--cluster", "kubernetes"));
    command.addAll(List.of("--conf", "spark.master=k8s://https://cluster.example:6443"));
    for (String setting : settings) {
      command.addAll(List.of("--conf", setting));
    }
    command.add("train");
    return ScriptRun.of(
        folder, ROOT.resolve("submit.sh"), Map.of(), command.toArray(String[]::new));
  }
}
