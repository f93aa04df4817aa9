package io.dropblock.spark.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;

/** What Kubernetes does with a Job of one pod: starts another one where one failed. */
public final class JobController {
  private final ApiServer api;
  private final JsonNode job;
  private int pods;

  /**
   * @param job its manifest
   */
  public JobController(ApiServer api, JsonNode job) {
    this.api = api;
    this.job = job;
  }

  /** Starts the next pod. */
  public void startPod() {
    ObjectNode pod = job.at("/spec/template").deepCopy();
    pod.put("apiVersion", "v1").put("kind", "Pod");
    ((ObjectNode) pod.path("metadata"))
        .put("name", job.at("/metadata/name").asText() + "-" + ++pods)
        .put("namespace", "default");
    api.create("pods", pod);
  }

  /** Whether the last pod has. */
  public boolean hasEnded() {
    return !ended().isEmpty();
  }

  private List<JsonNode> ended() {
    String name = job.at("/metadata/name").asText() + "-" + pods;
    return api.list("pods").stream()
        .filter(pod -> pod.at("/metadata/name").asText().equals(name))
        .filter(pod -> pod.at("/status/phase").asText().matches("Succeeded|Failed"))
        .toList();
  }

  /**
   * Waits for the end of the last pod.
   *
   * @return the exit code of its container
   */
  public int awaitPod() {
    Awaitility.await().atMost(Duration.ofMinutes(3)).until(this::hasEnded);
    return ended()
        .get(0)
        .at("/status/containerStatuses/0/state/terminated/exitCode")
        .asInt(Integer.MIN_VALUE);
  }
}
