package io.dropblock.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A Spark master and workers of one core, in JVMs of their own, on loopback addresses. */
public final class StandaloneCluster implements AutoCloseable {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  private final Path folder;
  private final Path home;
  private final Map<String, String> environment;
  private final List<Process> processes = new ArrayList<>();
  private final String address;

  private StandaloneCluster(Path folder, Path home, Map<String, String> environment)
      throws IOException, InterruptedException {
    this.folder = folder;
    this.home = home;
    this.environment = environment;
    if (environment.isEmpty()) {
      assertThat(launch("bash", ROOT + "/submit.sh", "--prepare-runtime").waitFor()).isZero();
    }
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    launch(
        sparkClass(),
        "org.apache.spark.deploy.master.Master",
        "--host",
        "127.0.0.1",
        "--port",
        String.valueOf(port),
        "--webui-port",
        "0");
    address = "spark://127.0.0.1:" + port;
  }

  /**
   * Starts a master.
   *
   * @param folder for logs and work
   */
  public static StandaloneCluster start(Path folder) throws IOException, InterruptedException {
    return new StandaloneCluster(folder, ROOT.resolve(".spark-runtime"), Map.of());
  }

  /** Starts a master of another Spark, with its settings. */
  static StandaloneCluster start(Path folder, ForeignSpark spark)
      throws IOException, InterruptedException {
    return new StandaloneCluster(folder, spark.home(), spark.environment());
  }

  /** What {@code spark.master} is to be. */
  public String address() {
    return address;
  }

  /**
   * Starts a worker.
   *
   * @param host its address on this machine
   * @param memory of its executors, such as {@code 600m}
   */
  public Worker worker(String host, String memory) throws IOException {
    return new Worker(
        launch(
            sparkClass(),
            "org.apache.spark.deploy.worker.Worker",
            "--host",
            host,
            "--cores",
            "1",
            "--memory",
            memory,
            "--webui-port",
            "0",
            "--work-dir",
            folder.resolve("work-" + host).toString(),
            address));
  }

  /**
   * A worker.
   *
   * @param process its JVM, whose children are its executors
   */
  public record Worker(Process process) {
    private static final String EXECUTOR = "CoarseGrainedExecutorBackend";

    /** Its executors that live. */
    public Stream<ProcessHandle> executors() {
      return process
          .descendants()
          .filter(ProcessHandle::isAlive)
          .filter(jvm -> Submission.commandLine(jvm).contains(EXECUTOR));
    }

    /** Takes it away with its executor, as a host that fails. */
    public void kill() {
      List<ProcessHandle> executors = executors().toList();
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
      executors.forEach(ProcessHandle::destroyForcibly);
    }
  }

  private String sparkClass() {
    return home + "/bin/spark-class";
  }

  private Process launch(String... command) throws IOException {
    Path log = Files.createTempFile(folder, "log", ".txt");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    builder.environment().remove("SPARK_LOCAL_IP");
    builder.environment().putAll(environment);
    Process process = builder.start();
    processes.add(process);
    return process;
  }

  @Override
  public void close() {
    processes.forEach(process -> process.descendants().forEach(ProcessHandle::destroyForcibly));
    processes.forEach(Process::destroyForcibly);
  }
}
