package io.dropblock.spark;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A gateway before a web UI: what is below one path of it, and nothing else, comes from the UI,
 * which is told that path where its settings do not know it.
 */
final class TinyReverseProxy implements AutoCloseable {
  private static final Pattern LINK = Pattern.compile("(?:href|src)=[\"']([^\"']*)[\"']");

  private final HttpServer server;
  private final ExecutorService threads = Executors.newFixedThreadPool(2);
  private final HttpClient client;
  private final String base;
  private final String behind;
  private final boolean told;

  /**
   * Starts one on a free port.
   *
   * @param client that trusts the UI
   * @param base its path, such as {@code /gateway}
   * @param behind address of the UI
   * @param told whether it tells the UI of the path, as Knox does
   */
  TinyReverseProxy(HttpClient client, String base, String behind, boolean told) throws IOException {
    this.client = client;
    this.base = base;
    this.behind = behind;
    this.told = told;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(base + "/", this::answer);
    server.setExecutor(threads);
    server.start();
  }

  /** Without a path. */
  String address() {
    return "http://localhost:" + server.getAddress().getPort();
  }

  /** Address of a page of the UI. */
  String address(String page) {
    return address() + base + page;
  }

  /** The links and pictures of a page, as a browser follows them; not what lies in the page. */
  static Iterable<URI> links(String address, String page) {
    Matcher links = LINK.matcher(page);
    return () ->
        links
            .results()
            .map(link -> link.group(1).replace("&amp;", "&"))
            .filter(link -> !link.startsWith("#") && !link.startsWith("data:") && !link.isEmpty())
            .map(link -> URI.create(address).resolve(link))
            .distinct()
            .iterator();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String asked = exchange.getRequestURI().toString().substring(base.length());
      HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(behind + asked));
      if (told) {
        request.header("X-Forwarded-Context", base);
      }
      HttpResponse<byte[]> answer =
          client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
      answer
          .headers()
          .firstValue("Location")
          .ifPresent(to -> exchange.getResponseHeaders().add("Location", to));
      exchange.sendResponseHeaders(
          answer.statusCode(), answer.body().length == 0 ? -1 : answer.body().length);
      exchange.getResponseBody().write(answer.body());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
