package io.dropblock.spark;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Spark's history server in a JVM of its own, as docs/how-to/watch-a-training.md starts it. */
final class HistoryServerProcess implements AutoCloseable {
  private static final HttpClient HTTP =
      HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NORMAL).build();
  private static final Path CHECKOUT = Path.of("..").toAbsolutePath().normalize();

  private final Process process;
  private final int port;

  private HistoryServerProcess(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /**
   * Starts one.
   *
   * @param logs event logs
   * @param withOurs whether our jar is on its class path
   * @param printed what it prints
   */
  static HistoryServerProcess start(Path logs, boolean withOurs, Path printed) throws IOException {
    String spark = CHECKOUT.resolve(".spark-runtime/jars") + "/*";
    return start(logs, withOurs ? jar() + ":" + spark : spark, printed);
  }

  /** Starts one of any Spark. */
  static HistoryServerProcess start(Path logs, String classPath, Path printed) throws IOException {
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-opens=java.base/java.nio=ALL-UNNAMED",
                "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
                "-Dspark.history.fs.logDirectory=" + logs.toUri(),
                "-Dspark.history.ui.port=" + port,
                "-cp",
                classPath,
                "org.apache.spark.deploy.history.HistoryServer"));
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(printed.toFile())
            .start();
    return new HistoryServerProcess(process, port);
  }

  /** The jar to submit. */
  static Path jar() throws IOException {
    try (Stream<Path> files = Files.list(CHECKOUT.resolve("spark-jobs/target"))) {
      return files
          .filter(file -> file.getFileName().toString().matches("dropblock-spark-.*\\.jar"))
          .findFirst()
          .orElseThrow();
    }
  }

  String address() {
    return "http://localhost:" + port;
  }

  /** A page, waited for. */
  String page(String path) {
    return await()
        .atMost(Duration.ofSeconds(90))
        .ignoreExceptions()
        .until(() -> get(address() + path), text -> !text.isEmpty());
  }

  /** A page. */
  static String get(String address) throws IOException, InterruptedException {
    HttpResponse<String> response =
        HTTP.send(
            HttpRequest.newBuilder(URI.create(address)).build(),
            HttpResponse.BodyHandlers.ofString());
    if (response.statusCode() != 200) {
      throw new IOException(address + ": " + response.statusCode());
    }
    return response.body();
  }

  @Override
  public void close() {
    process.destroy();
  }
}
