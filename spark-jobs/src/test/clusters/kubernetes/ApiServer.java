import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.server.mock.KubernetesCrudDispatcher;
import io.fabric8.kubernetes.client.server.mock.crud.PatchHandler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import okhttp3.mockwebserver.MockResponse;
import okhttp3.mockwebserver.MockWebServer;
import okhttp3.mockwebserver.RecordedRequest;
import okio.Buffer;

/**
 * A simulated API server of Kubernetes on 127.0.0.1: objects are kept, listed, watched, patched and
 * deleted as they come. It checks nothing, knows no users, and nothing is scheduled: the test does
 * that.
 *
 * <p>Run from its source: {@code java -cp 'target/clusters/kubernetes/*' ApiServer.java FILE}; the
 * file gets the port. It ends with its standard input.
 */
final class ApiServer extends KubernetesCrudDispatcher {
  private static final ObjectMapper JSON = new ObjectMapper();

  public static void main(String[] arguments) throws IOException {
    MockWebServer server = new MockWebServer();
    server.setDispatcher(new ApiServer());
    server.start(InetAddress.getByName("127.0.0.1"), 0);
    Path file = Path.of(arguments[0]);
    Path half = Path.of(arguments[0] + ".half");
    Files.writeString(half, String.valueOf(server.getPort()));
    Files.move(half, file, StandardCopyOption.ATOMIC_MOVE);
    while (System.in.read() >= 0) {
      // until the test is done
    }
    Runtime.getRuntime().halt(0);
  }

  /** A real one gives each pod a status at once, and Spark's watch reads it. */
  @Override
  public MockResponse handleCreate(RecordedRequest request) {
    if (request.getPath().matches(".*/pods(/[^/?]*)?(\\?.*)?")) {
      Buffer body = request.getBody();
      try {
        ObjectNode pod = (ObjectNode) JSON.readTree(body.readUtf8());
        pod.putObject("status").put("phase", "Pending");
        body.writeUtf8(pod.toString());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return super.handleCreate(request);
  }

  /** Apply, of which the simulation knows nothing: a new object, or one that is merged. */
  @Override
  public MockResponse handlePatch(RecordedRequest request) {
    String type = String.valueOf(request.getHeader("Content-Type"));
    if (!type.contains("apply-patch")) {
      return super.handlePatch(request);
    }
    if (findResource(getKey(request.getPath())) == null) {
      return handleCreate(request);
    }
    try {
      return new PatchHandler(this)
          .handle(
              request.getPath(),
              "application/merge-patch+json",
              request.getBody().readUtf8());
    } catch (Exception e) {
      return new MockResponse().setResponseCode(500).setBody(String.valueOf(e));
    }
  }
}
