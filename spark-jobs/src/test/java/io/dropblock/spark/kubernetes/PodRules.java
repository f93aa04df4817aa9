package io.dropblock.spark.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the spec of each pod must be.
 *
 * @param image of its container
 * @param cores of an executor
 * @param executorMemory of an executor's pod, such as {@code 3072Mi}
 * @param driverMemory of a driver's pod
 * @param jobMemory of a Job's pod
 * @param claim the volume claim that all mount
 * @param mount where
 * @param secret text that must nowhere be in clear
 */
public record PodRules(
    String image,
    int cores,
    String executorMemory,
    String driverMemory,
    String jobMemory,
    String claim,
    String mount,
    String secret) {
  /** The last is Spark's own. */
  private static final Set<String> CONF_FILES =
      Set.of(
          "log4j2.properties",
          "spark.properties",
          "podspec-configmap-key",
          "spark.kubernetes.namespace");

  /**
   * What is wrong with a pod, each with its name in front.
   *
   * @param configMaps all that there are
   */
  List<String> faults(JsonNode pod, List<JsonNode> configMaps) {
    List<String> faults = new ArrayList<>();
    JsonNode spec = pod.path("spec");
    JsonNode container = spec.path("containers").path(0);
    Role role = Role.of(pod);
    boolean driver = role != Role.EXECUTOR;
    same(faults, "image", image, container.path("image"));
    same(faults, "restartPolicy", "Never", spec.path("restartPolicy"));
    same(
        faults, "serviceAccountName", driver ? "dropblock" : "default",
        spec.path("serviceAccountName"));
    JsonNode resources = container.path("resources");
    String memory =
        switch (role) {
          case EXECUTOR -> executorMemory;
          case DRIVER -> driverMemory;
          case JOB -> jobMemory;
        };
    same(faults, "resources.requests.memory", memory, resources.at("/requests/memory"));
    same(faults, "resources.limits.memory", memory, resources.at("/limits/memory"));
    same(
        faults, "resources.requests.cpu", driver ? "1" : "" + cores, resources.at("/requests/cpu"));
    same(faults, "resources.limits.cpu", driver ? "2" : "" + cores, resources.at("/limits/cpu"));
    // in a Job submit.sh sets it
    if (role != Role.JOB) {
      environment(faults, container.path("env"), driver);
    }
    volumes(faults, spec, container, configMaps);
    secrets(faults, pod, container, configMaps);
    // ten for a last checkpoint, and the rest to end
    same(faults, "terminationGracePeriodSeconds", "30", spec.path("terminationGracePeriodSeconds"));
    same(
        faults,
        "resources.requests.ephemeral-storage",
        "2Gi",
        resources.at("/requests/ephemeral-storage"));
    if (!driver) {
      same(
          faults,
          "automountServiceAccountToken",
          "false",
          spec.path("automountServiceAccountToken"));
    }
    String name = role + " pod " + pod.at("/metadata/name").asText();
    return faults.stream().map(fault -> name + ": " + fault).toList();
  }

  private static void same(List<String> faults, String field, String expected, JsonNode found) {
    if (!expected.equals(found.asText())) {
      faults.add(field + " is '" + found.asText() + "' and not '" + expected + "'");
    }
  }

  private void environment(List<String> faults, JsonNode env, boolean driver) {
    Map<String, String> expected =
        driver
            ? Map.of(
                "OMP_NUM_THREADS", "1",
                "OPENBLAS_NUM_THREADS", "1",
                "BACKEND_PRIORITY_CPU", "1000",
                "LC_ALL", "C.UTF-8")
            : Map.of(
                "OMP_NUM_THREADS", "" + cores,
                "OPENBLAS_NUM_THREADS", "" + cores,
                "OMP_WAIT_POLICY", "PASSIVE",
                "GOMP_SPINCOUNT", "5000",
                "LC_ALL", "C.UTF-8");
    expected.forEach(
        (name, value) -> {
          JsonNode found = MissingNode.getInstance();
          for (JsonNode variable : env) {
            found = variable.path("name").asText().equals(name) ? variable.path("value") : found;
          }
          same(faults, "env " + name, value, found);
        });
  }

  private void volumes(
      List<String> faults, JsonNode spec, JsonNode container, List<JsonNode> configMaps) {
    Set<String> names = new HashSet<>();
    boolean claimed = false;
    for (JsonNode volume : spec.path("volumes")) {
      String name = volume.path("name").asText();
      names.add(name);
      claimed |= volume.at("/persistentVolumeClaim/claimName").asText().equals(claim);
      String configMap = volume.at("/configMap/name").asText();
      for (JsonNode found : configMaps) {
        if (found.at("/metadata/name").asText().equals(configMap)) {
          found
              .path("data")
              .fieldNames()
              .forEachRemaining(
                  file -> {
                    if (!CONF_FILES.contains(file)) {
                      faults.add("config map " + configMap + ": it holds " + file);
                    }
                  });
        }
      }
    }
    boolean mounted = false;
    for (JsonNode mountOf : container.path("volumeMounts")) {
      mounted |= mountOf.path("mountPath").asText().equals(mount);
      if (!names.contains(mountOf.path("name").asText())) {
        faults.add("volumeMounts: there is no volume " + mountOf.path("name").asText());
      }
    }
    if (!claimed || !mounted) {
      faults.add("volumes: claim " + claim + " is not mounted at " + mount);
    }
  }

  private void secrets(
      List<String> faults, JsonNode pod, JsonNode container, List<JsonNode> configMaps) {
    if (pod.toString().contains(secret) || configMaps.toString().contains(secret)) {
      faults.add("secret: it is in clear");
    }
    for (JsonNode variable : container.path("env")) {
      String name = variable.path("name").asText();
      if (name.matches("(?i).*(secret|token|password).*")
          && !variable.path("value").asText().isEmpty()) {
        faults.add("secret: env " + name + " is in clear");
      }
    }
  }
}
