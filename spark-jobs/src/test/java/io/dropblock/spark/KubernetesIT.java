package io.dropblock.spark;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.dropblock.spark.data.shard.Shard;
import io.dropblock.spark.data.shard.TestShards;
import io.dropblock.spark.kubernetes.ApiServer;
import io.dropblock.spark.kubernetes.JobController;
import io.dropblock.spark.kubernetes.Kubelet;
import io.dropblock.spark.kubernetes.PodRules;
import io.dropblock.spark.kubernetes.SecretObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code submit.sh --cluster kubernetes} against a simulated API server and a kubelet of our own.
 * What that leaves open is in {@code cluster-configs/kubernetes/README.md}. Runs after the jar is
 * made.
 */
class KubernetesIT {
  private static final int STEPS = 40;
  private static final String LAST = "checkpoints/epoch-0002";
  private static final String SECRET = "the ranks' own words";
  private static final String IMAGE = "registry.example/dropblock:test";
  private static final String JAR =
      "local://"
          + Path.of("target", "dropblock-spark-0.1.0-SNAPSHOT.jar").toAbsolutePath().normalize();

  private static final List<String> SETTINGS =
      List.of(
          "data.classes=5",
          "data.size=16",
          "data.pad=2",
          "model.depth=8",
          "train.world=2",
          "train.local_batch=8",
          "train.averaging.every=1",
          "train.epochs=2",
          "train.checkpoint_every=10");
  private static final List<String> SIZES =
      List.of(
          "spark.executor.cores=1",
          "spark.executor.memory=512m",
          "spark.dropblock.nativeMemory=1g",
          "spark.executor.memoryOverhead=2560m",
          "spark.dropblock.progress.interval=100ms");

  /** The simulated server is deaf on some watches: who asks whether it is there asks again. */
  private static final Map<String, String> ENVIRONMENT =
      Map.of("SPARK_LOCAL_IP", "127.0.0.1", "KUBERNETES_WEBSOCKET_PING_INTERVAL", "1000");

  @TempDir private static Path folder;

  private static ApiServer api;
  private static Kubelet kubelet;
  private static Submission inPod;
  private static List<String> podsLeft;
  private static List<JsonNode> mapsLeft;

  @BeforeAll
  static void start() throws IOException, InterruptedException {
    Path root = Path.of("..").toAbsolutePath().normalize();
    Process runtime =
        new ProcessBuilder("bash", root + "/submit.sh", "--prepare-runtime").inheritIO().start();
    assertThat(runtime.waitFor()).isZero();
    TestShards.write(
        Files.createDirectories(folder.resolve("data")),
        TestShards.manifest(List.of(shard("train", 16 * STEPS)), List.of(shard("val", 64)), 5));
    api = ApiServer.start(folder);
    SecretObject.create(api, "dropblock-ring", "secret", SECRET);
    kubelet =
        Kubelet.start(
            api,
            Files.createDirectories(folder.resolve("pods")),
            root.resolve(".spark-runtime"),
            new PodRules(
                IMAGE,
                1,
                "3072Mi",
                "6144Mi",
                "9728Mi",
                "dropblock-data",
                folder.toString(),
                SECRET));
    inPod = cluster(train("undisturbed")).succeed();
    podsLeft = names("pods");
    mapsLeft = api.list("configmaps");
  }

  @AfterAll
  static void stop() {
    if (kubelet != null) {
      kubelet.close();
    }
    if (api != null) {
      api.close();
    }
  }

  @AfterEach
  void allPodsAreAsTheyMustBe() {
    kubelet.full(false);
    assertThat(kubelet.takeFaults()).isEmpty();
  }

  /** The driver on this machine; five executors fail, one of them in the middle of a step. */
  @Test
  void theDriverHere() throws IOException, InterruptedException {
    List<String> maps = mapsOfExecutors();
    Submission disturbed = client(train("disturbed"));
    awaitStep(disturbed::isAlive, "disturbed", 20);
    assertThat(disturbed.isAlive()).as(disturbed::text).isTrue();
    kubelet.failNext(4);
    kubelet.executors().get(1).destroyForcibly();
    disturbed.succeed();
    assertThat(disturbed.text())
        .contains("Failure 1 of at most 4 in a row: rank ", "was killed (exit code 137)")
        .doesNotContain("Failure 2 of");
    assertThat(checksums("disturbed")).hasSize(2).isEqualTo(checksums("undisturbed"));
    assertNothingIsLeft(maps);
  }

  /** The driver is a pod, and all pods mount a secret: what the others are compared with. */
  @Test
  void theDriverInAPod() throws IOException {
    assertThat(inPod.text()).contains("its output: kubectl logs -f -n default dropblock-train-");
    assertThat(kubelet.logs("-driver")).contains("epoch 2/2");
    assertEpochs("undisturbed");
    assertThat(podsLeft).allMatch(name -> name.endsWith("-driver"));
    assertThat(mapsLeft)
        .extracting(map -> map.at("/metadata/name").asText())
        .allMatch(name -> name.matches("spark-drv-.*|.*-driver-podspec-conf-map"));
    assertThat(mapsLeft)
        .allSatisfy(
            map ->
                assertThat(map.at("/metadata/ownerReferences/0/kind").asText()).isEqualTo("Pod"));
  }

  /** The driver of a Job is told to end; the next one goes on. */
  @Test
  void aJobResumes() throws IOException {
    JobController job = new JobController(api, job());
    job.startPod();
    awaitStep(() -> !job.hasEnded(), "job", 20);
    assertThat(job.hasEnded()).as(kubelet.logs("dropblock-train-1")).isFalse();
    assertThat(kubelet.drivers().get(0).destroy()).isTrue();
    assertThat(job.awaitPod()).isEqualTo(143);
    assertThat(kubelet.logs("dropblock-train-1")).contains("Stopped at step ");
    // one that is told to end may leave its own
    List<String> maps = mapsOfExecutors();
    job.startPod();
    assertThat(job.awaitPod()).as(kubelet.logs("dropblock-train-2")).isZero();
    assertEpochs("job");
    assertNothingIsLeft(maps);
  }

  /** {@code job.yaml}, small. */
  private static JsonNode job() throws IOException {
    String text = Files.readString(Path.of("..", "cluster-configs", "kubernetes", "job.yaml"));
    StringBuilder small = new StringBuilder("- demo\n");
    for (String setting : SETTINGS) {
      small.append("            - --set=").append(setting).append('\n');
    }
    StringBuilder sizes = new StringBuilder("- --conf=spark.driver.memory=512m\n");
    for (String size : SIZES) {
      sizes.append("            - --conf=").append(size).append('\n');
    }
    for (Map.Entry<String, String> change :
        Map.of(
                "k8s://https://kubernetes.default.svc",
                "k8s://" + api.address(),
                "REGISTRY/dropblock:TAG",
                IMAGE,
                "/opt/dropblock/dropblock-spark.jar",
                JAR.substring("local://".length()),
                "- imagenet-resnet50-dropblock\n",
                small.toString(),
                "- train\n",
                sizes + "            - train\n",
                "file:///data/imagenet",
                folder.resolve("data").toUri().toString(),
                "file:///data/runs/first",
                run("job"),
                "/data/runs/first/recipe.yaml",
                folder + "/job/recipe.yaml",
                "path=/data\n",
                "path=" + folder + "\n",
                "mountPath: /data\n",
                "mountPath: " + folder + "\n")
            .entrySet()) {
      assertThat(text).contains(change.getKey());
      text = text.replace(change.getKey(), change.getValue());
    }
    return new YAMLMapper().readTree(text);
  }

  private static void assertEpochs(String run) throws IOException {
    assertThat(Submission.events(folder.resolve(run)))
        .filteredOn(event -> event.get("event").asText().equals("epoch"))
        .hasSize(2);
    assertThat(checksums(run)).hasSize(2).isEqualTo(checksums("undisturbed"));
  }

  /** The exit code is the driver's. */
  @Test
  void theDriversExitCodeIsTheCommands() throws IOException, InterruptedException {
    cluster(List.of("train", "demo", "--data", "file:///nowhere", "--run", run("x"))).fail(1);
    assertThat(kubelet.logs("-driver")).contains("Cannot read data set");
  }

  /** Nodes without room: one line says which pods wait, and why. */
  @Test
  void podsThatAreNotScheduledAreTold() throws IOException, InterruptedException {
    List<String> maps = mapsOfExecutors();
    kubelet.full(true);
    Submission demo =
        client(
            List.of("demo", "--out", "demo"),
            "spark.scheduler.maxRegisteredResourcesWaitingTime=2s",
            "spark.dropblock.recovery.patience=2s");
    demo.fail(1);
    assertThat(demo.text())
        .containsPattern(
            "Cannot run tasks: k8s://http://127.0.0.1:\\d+ has given no executor for \\d+ s; one needs"
                + " 1 cores and 512m of heap, and 2 pods are pending: dropblock-demo-\\w+-exec-1"
                + " \\(Unschedulable: 0/1 nodes are available: 1 Insufficient memory\\.\\), ");
    assertNothingIsLeft(maps);
  }

  private static void assertNothingIsLeft(List<String> mapsBefore) {
    assertThat(names("pods")).noneMatch(name -> name.contains("-exec-"));
    assertThat(mapsOfExecutors()).isSubsetOf(mapsBefore);
  }

  private static List<String> mapsOfExecutors() {
    return names("configmaps").stream().filter(name -> name.startsWith("spark-exec-")).toList();
  }

  private static List<String> names(String kind) {
    return api.list(kind).stream().map(it -> it.at("/metadata/name").asText()).toList();
  }

  private static List<String> train(String run) {
    List<String> arguments =
        new ArrayList<>(
            List.of("train", "demo", "--data", folder.resolve("data").toUri().toString()));
    arguments.addAll(List.of("--run", run(run)));
    SETTINGS.forEach(setting -> arguments.addAll(List.of("--set", setting)));
    return arguments;
  }

  private static String run(String name) {
    return folder.resolve(name).toUri().toString();
  }

  private static Submission client(List<String> arguments, String... settings) throws IOException {
    List<String> all =
        new ArrayList<>(
            List.of("spark.driver.host=127.0.0.1", "spark.driver.bindAddress=127.0.0.1"));
    all.addAll(List.of(settings));
    return submit(all, arguments);
  }

  /** With a secret, which is in a file of each pod only. */
  private static Submission cluster(List<String> arguments) throws IOException {
    return submit(
        List.of(
            "spark.submit.deployMode=cluster",
            "spark.kubernetes.driver.master=" + api.address(),
            "spark.kubernetes.driver.volumes.persistentVolumeClaim.data.options.claimName=dropblock-data",
            "spark.kubernetes.driver.volumes.persistentVolumeClaim.data.mount.path=" + folder,
            // a Secret that pods mount: not in clear
            "spark.kubernetes.driver.secrets.dropblock-ring=" + folder.resolve("secrets"),
            "spark.kubernetes.executor.secrets.dropblock-ring=" + folder.resolve("secrets")),
        arguments);
  }

  private static Submission submit(List<String> settings, List<String> arguments)
      throws IOException {
    List<String> words = new ArrayList<>(List.of("--cluster", "kubernetes", "--jar", JAR));
    List<String> all =
        new ArrayList<>(
            List.of(
                "spark.master=k8s://" + api.address(),
                "spark.kubernetes.container.image=" + IMAGE,
                "spark.driver.memory=512m",
                "spark.kubernetes.executor.volumes.persistentVolumeClaim.data.options.claimName=dropblock-data",
                "spark.kubernetes.executor.volumes.persistentVolumeClaim.data.mount.path="
                    + folder));
    all.addAll(SIZES);
    all.addAll(settings);
    all.forEach(setting -> words.addAll(List.of("--conf", setting)));
    words.addAll(arguments);
    return Submission.start(folder, ENVIRONMENT, words);
  }

  private static void awaitStep(BooleanSupplier alive, String run, int step) {
    Callable<Boolean> there =
        () ->
            !alive.getAsBoolean()
                || Submission.events(folder.resolve(run)).stream()
                    .filter(event -> event.get("event").asText().equals("steps"))
                    .anyMatch(event -> event.get("step").asInt() >= step);
    Awaitility.await()
        .atMost(Duration.ofMinutes(3))
        .pollInterval(Duration.ofMillis(20))
        .until(there);
  }

  private static List<String> checksums(String run) throws IOException {
    return Submission.checksums(folder.resolve(run).resolve(LAST));
  }

  private static Shard shard(String split, int records) throws IOException {
    Files.createDirectories(folder.resolve("data"));
    return TestShards.write(
        folder.resolve("data"),
        split + "-00000.parquet",
        TestShards.records(split, records, 5),
        64);
  }
}
