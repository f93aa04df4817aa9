package io.dropblock.spark.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Schedules pods and runs them, as JVMs on this machine: looks at the pods ten times a second,
 * checks the spec of each, starts it, and tells the API server how it goes on.
 */
public final class Kubelet implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long POLL_MILLIS = 100;
  private static final int KILLED = 137;

  /** Looks between two reports of a driver that has ended: the simulated watch may lose one. */
  private static final int REPEAT = 20;

  private final ApiServer api;
  private final Path folder;
  private final Path spark;
  private final PodRules rules;
  private final Path hosts;
  private final Map<String, PodProcess> running = new LinkedHashMap<>();
  private final Map<String, ObjectNode> finished = new LinkedHashMap<>();
  private final List<String> known = new ArrayList<>();
  private final List<String> faults = new CopyOnWriteArrayList<>();
  private final AtomicInteger failing = new AtomicInteger();
  private final Thread thread = new Thread(this::run, "kubelet");
  private volatile boolean full;
  private volatile boolean closed;
  private int started;
  private int looks;

  private Kubelet(ApiServer api, Path folder, Path spark, PodRules rules) {
    this.api = api;
    this.folder = folder;
    this.spark = spark;
    this.rules = rules;
    this.hosts = folder.resolve("hosts");
  }

  /**
   * Starts it.
   *
   * @param folder for what pods mount and print
   * @param spark the Spark of the image
   * @param rules what each pod must be
   */
  public static Kubelet start(ApiServer api, Path folder, Path spark, PodRules rules)
      throws IOException {
    Kubelet kubelet = new Kubelet(api, folder, spark, rules);
    kubelet.thread.setDaemon(true);
    kubelet.writeHosts(List.of());
    kubelet.thread.start();
    return kubelet;
  }

  /** What was wrong with the specs of pods, since it was asked last. */
  public List<String> takeFaults() {
    List<String> all = List.copyOf(faults);
    faults.clear();
    return all;
  }

  /** From now on no node has room, or all have. */
  public void full(boolean now) {
    full = now;
  }

  /** The next so many pods of executors are killed as they start. */
  public void failNext(int pods) {
    failing.set(pods);
  }

  /** Those of executors that run, by age. */
  public List<ProcessHandle> executors() {
    return processes(false);
  }

  /** Those of drivers. */
  public List<ProcessHandle> drivers() {
    return processes(true);
  }

  private List<ProcessHandle> processes(boolean drivers) {
    synchronized (running) {
      return running.values().stream()
          .filter(pod -> (pod.role() != Role.EXECUTOR) == drivers)
          .map(pod -> pod.process().toHandle())
          .filter(ProcessHandle::isAlive)
          .toList();
    }
  }

  /** What the pods printed that have a word in their names. */
  public String logs(String word) throws IOException {
    StringBuilder all = new StringBuilder();
    try (var folders = Files.list(folder)) {
      for (Path pod : folders.filter(it -> it.getFileName().toString().contains(word)).toList()) {
        Path log = pod.resolve("log.txt");
        all.append("---- ").append(pod.getFileName()).append('\n');
        all.append(Files.exists(log) ? Files.readString(log) : "");
      }
    }
    return all.toString();
  }

  private void run() {
    while (!closed) {
      try {
        look();
        TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
      } catch (IOException | RuntimeException | AssertionError e) {
        if (!closed) {
          faults.add("kubelet: " + e);
        }
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private void look() throws IOException {
    List<JsonNode> pods = api.list("pods");
    List<JsonNode> configMaps = api.list("configmaps");
    writeHosts(pods);
    for (JsonNode pod : pods) {
      String uid = pod.at("/metadata/uid").asText();
      if (!known.contains(uid)) {
        take(pod, uid, configMaps);
      }
    }
    List<String> there = pods.stream().map(pod -> pod.at("/metadata/uid").asText()).toList();
    synchronized (running) {
      for (PodProcess pod : List.copyOf(running.values())) {
        if (!there.contains(pod.uid())) {
          pod.process().destroy();
        }
        if (!pod.process().isAlive()) {
          running.remove(pod.uid());
          ObjectNode status = ended(pod.role(), pod.address(), pod.process().exitValue());
          api.status(pod.name(), status);
          if (pod.role() != Role.EXECUTOR) {
            finished.put(pod.name(), status);
          }
        }
      }
    }
    if (++looks % REPEAT == 0) {
      finished.forEach((pod, status) -> api.status(pod, status.put("message", "look " + looks)));
    }
  }

  private void take(JsonNode pod, String uid, List<JsonNode> configMaps) throws IOException {
    String name = pod.at("/metadata/name").asText();
    if (full) {
      if (pod.at("/status/conditions").isMissingNode()) {
        api.status(name, unschedulable());
      }
      return;
    }
    // a driver's comes after its pod
    for (JsonNode volume : pod.at("/spec/volumes")) {
      String map = volume.at("/configMap/name").asText();
      if (!map.isEmpty()
          && configMaps.stream().noneMatch(it -> it.at("/metadata/name").asText().equals(map))) {
        return;
      }
    }
    known.add(uid);
    faults.addAll(rules.faults(pod, configMaps));
    String address = "127.0.1." + (++started % 250 + 1);
    if (Role.of(pod) == Role.EXECUTOR && failing.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
      api.status(name, ended(Role.of(pod), address, KILLED));
      return;
    }
    api.status(name, running(Role.of(pod), address));
    PodProcess process =
        PodProcess.start(pod, address, folder, spark, hosts, configMaps, api.list("secrets"));
    synchronized (running) {
      running.put(uid, process);
    }
  }

  /** Cluster DNS: each service by the address of the pod that it selects. */
  private void writeHosts(List<JsonNode> pods) throws IOException {
    StringBuilder text = new StringBuilder("127.0.0.1 localhost\n");
    text.append("127.0.0.1 ").append(InetAddress.getLocalHost().getHostName()).append('\n');
    for (JsonNode service : pods.isEmpty() ? List.<JsonNode>of() : api.list("services")) {
      for (JsonNode pod : pods) {
        String address = pod.at("/status/podIP").asText();
        boolean selected = !address.isEmpty();
        for (var label : service.at("/spec/selector").properties()) {
          selected &= label.getValue().equals(pod.at("/metadata/labels").path(label.getKey()));
        }
        if (selected) {
          text.append(address).append(' ').append(service.at("/metadata/name").asText());
          text.append(".default.svc\n");
        }
      }
    }
    if (!Files.exists(hosts) || !Files.readString(hosts).contentEquals(text)) {
      Path half = folder.resolve("hosts.half");
      Files.writeString(half, text);
      Files.move(half, hosts, StandardCopyOption.ATOMIC_MOVE);
    }
  }

  private static ObjectNode unschedulable() {
    ObjectNode status = JSON.createObjectNode().put("phase", "Pending");
    status
        .putArray("conditions")
        .addObject()
        .put("type", "PodScheduled")
        .put("status", "False")
        .put("reason", "Unschedulable")
        .put("message", "0/1 nodes are available: 1 Insufficient memory.");
    return status;
  }

  private static ObjectNode running(Role role, String address) {
    ObjectNode status = status("Running", address);
    container(status, role).putObject("running").put("startedAt", now());
    return status;
  }

  private static ObjectNode ended(Role role, String address, int code) {
    ObjectNode status = status(code == 0 ? "Succeeded" : "Failed", address);
    container(status, role)
        .putObject("terminated")
        .put("exitCode", code)
        .put("reason", code == 0 ? "Completed" : "Error")
        .put("finishedAt", now());
    return status;
  }

  private static ObjectNode status(String phase, String address) {
    return JSON.createObjectNode()
        .put("phase", phase)
        .put("podIP", address)
        .put("startTime", now());
  }

  private static ObjectNode container(ObjectNode status, Role role) {
    ObjectNode container = status.putArray("containerStatuses").addObject();
    container.put("name", "spark-kubernetes-" + role.name().toLowerCase(Locale.ROOT));
    container.put("image", "simulated").put("imageID", "").put("ready", true);
    container.put("restartCount", 0);
    return container.putObject("state");
  }

  private static String now() {
    return Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    synchronized (running) {
      running.values().forEach(pod -> pod.process().descendants().forEach(ProcessHandle::destroyForcibly));
      running.values().forEach(pod -> pod.process().destroyForcibly());
    }
  }
}
