package io.dropblock.spark.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;

/**
 * The simulated API server of {@code src/test/clusters/kubernetes}, in a JVM of its own, and calls
 * of it; all in the namespace {@code default}.
 */
public final class ApiServer implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path SOURCES = Path.of("src", "test", "clusters", "kubernetes");

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final Process process;
  private final String address;

  private ApiServer(Process process, String address) {
    this.process = process;
    this.address = address;
  }

  /**
   * Starts it.
   *
   * @param folder for its log
   */
  public static ApiServer start(Path folder) throws IOException, InterruptedException {
    Path port = folder.resolve("port");
    Process process =
        new ProcessBuilder(command("ApiServer.java", List.of(port.toString())))
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("api-server.txt").toFile())
            .start();
    Awaitility.await()
        .atMost(Duration.ofMinutes(2))
        .pollInterval(Duration.ofMillis(50))
        .until(() -> Files.exists(port) || !process.isAlive());
    assertThat(process.isAlive())
        .as(() -> text(folder.resolve("api-server.txt")))
        .isTrue();
    return new ApiServer(process, "http://127.0.0.1:" + Files.readString(port));
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return e.toString();
    }
  }

  /** A program of that folder, on its libraries, which Maven copies the first time. */
  static List<String> command(String source, List<String> arguments)
      throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                libraries() + "/*",
                SOURCES.resolve(source).toString()));
    command.addAll(arguments);
    return command;
  }

  private static Path libraries() throws IOException, InterruptedException {
    Path folder = Path.of("target", "clusters", "kubernetes").toAbsolutePath();
    Path pom = SOURCES.resolve("pom.xml");
    Path stamp = folder.resolve("pom.xml");
    if (!Files.exists(stamp) || Files.mismatch(stamp, pom) >= 0) {
      Process maven =
          new ProcessBuilder(
                  Path.of("..", "mvnw").toAbsolutePath().normalize().toString(),
                  "-q",
                  "-B",
                  "-f",
                  pom.toAbsolutePath().toString(),
                  "dependency:copy-dependencies",
                  "-DoutputDirectory=" + folder,
                  "-DincludeScope=runtime")
              .inheritIO()
              .start();
      assertThat(maven.waitFor()).as("Maven fetches the simulated API server").isZero();
      Files.copy(pom, stamp, StandardCopyOption.REPLACE_EXISTING);
    }
    return folder;
  }

  /** What {@code spark.master} is to be, without {@code k8s://}. */
  public String address() {
    return address;
  }

  /**
   * All objects of a kind.
   *
   * @param kind in the plural, such as {@code pods}
   */
  public List<JsonNode> list(String kind) {
    List<JsonNode> items = new ArrayList<>();
    send("GET", kind, null).path("items").forEach(items::add);
    return items;
  }

  /** Adds an object. */
  void create(String kind, JsonNode object) {
    send("POST", kind, object);
  }

  /** Sets the status of a pod that may be gone. */
  void status(String pod, ObjectNode status) {
    // the simulation would merge lists
    ArrayNode patch = JSON.createArrayNode();
    patch.addObject().put("op", "add").put("path", "/status").set("value", status);
    send("PATCH", "pods/" + pod, patch);
  }

  private JsonNode send(String method, String path, JsonNode body) {
    HttpRequest.BodyPublisher publisher =
        body == null
            ? HttpRequest.BodyPublishers.noBody()
            : HttpRequest.BodyPublishers.ofString(body.toString());
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(address + "/api/v1/namespaces/default/" + path))
            .method(method, publisher)
            .header(
                "Content-Type",
                method.equals("PATCH") ? "application/json-patch+json" : "application/json")
            .build();
    try {
      HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
      boolean gone = method.equals("PATCH") && answer.statusCode() == 404;
      assertThat(gone || answer.statusCode() < 300)
          .as("%s %s: %s %s", method, path, answer.statusCode(), answer.body())
          .isTrue();
      return JSON.readTree(answer.body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
