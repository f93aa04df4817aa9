package io.dropblock.spark.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A pod as a JVM on this machine: its command, or what the entry point of Spark's image would start,
 * with the paths of the image and of what is mounted rewritten.
 *
 * @param uid of the pod
 * @param name of the pod
 * @param role what it is for
 * @param address a loopback address of its own
 * @param process its JVM
 * @param log what it prints
 */
record PodProcess(
    String uid, String name, Role role, String address, Process process, Path log) {
  private static final String HOME = "/opt/spark";

  /** Of the image, as cluster-configs/kubernetes/Dockerfile has it. */
  private static final String OURS = "/opt/dropblock";

  /**
   * Starts a pod.
   *
   * @param folder for what is mounted, and the log
   * @param spark the Spark of the image
   * @param hosts names and addresses of services
   * @param configMaps all that there are
   * @param secrets all that there are
   */
  static PodProcess start(
      JsonNode pod,
      String address,
      Path folder,
      Path spark,
      Path hosts,
      List<JsonNode> configMaps,
      List<JsonNode> secrets)
      throws IOException {
    String name = pod.at("/metadata/name").asText();
    JsonNode container = pod.at("/spec/containers/0");
    Path own = Files.createDirectories(folder.resolve(name));
    Map<String, String> paths = mount(pod, own, configMaps, secrets);
    paths.put(HOME + "/jars", spark.resolve("jars").toString());
    paths.put(OURS, spark.getParent().toString());
    Map<String, String> env = new HashMap<>();
    for (JsonNode variable : container.path("env")) {
      String from = variable.at("/valueFrom/fieldRef/fieldPath").asText();
      env.put(
          variable.path("name").asText(),
          switch (from) {
            case "status.podIP" -> address;
            case "metadata.name" -> name;
            case "metadata.namespace" -> "default";
            default -> rewritten(variable.path("value").asText(), paths);
          });
    }
    List<String> arguments = new ArrayList<>();
    container.path("args").forEach(word -> arguments.add(rewritten(word.asText(), paths)));
    arguments.replaceAll(word -> expanded(word, env));
    Role role = Role.of(pod);
    String lookup = "-Djdk.net.hosts.file=" + hosts;
    List<String> command =
        switch (role) {
          case EXECUTOR -> executor(env, spark, lookup);
          case DRIVER -> driver(arguments, env, spark);
          case JOB -> own(container.path("command"), arguments, paths);
        };
    Path log = own.resolve("log.txt");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(own.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder.environment().keySet().retainAll(List.of("PATH", "HOME", "TMPDIR"));
    builder.environment().putAll(env);
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().put("SPARK_HOME", spark.toString());
    // the network of a pod of its own
    builder.environment().put("SPARK_LOCAL_IP", address);
    builder.environment().put("JDK_JAVA_OPTIONS", lookup);
    return new PodProcess(
        pod.at("/metadata/uid").asText(), name, role, address, builder.start(), log);
  }

  private static List<String> driver(List<String> arguments, Map<String, String> env, Path spark) {
    List<String> command =
        new ArrayList<>(
            List.of(
                spark.resolve("bin/spark-submit").toString(),
                "--conf",
                "spark.driver.bindAddress=" + env.get("SPARK_DRIVER_BIND_ADDRESS"),
                "--deploy-mode",
                "client"));
    command.addAll(arguments.subList(1, arguments.size()));
    return command;
  }

  private static List<String> own(
      JsonNode words, List<String> arguments, Map<String, String> paths) {
    List<String> command = new ArrayList<>();
    words.forEach(word -> command.add(rewritten(word.asText(), paths)));
    command.addAll(arguments);
    return command;
  }

  /** As Kubernetes has variables in commands. */
  private static String expanded(String word, Map<String, String> env) {
    String all = word;
    for (Map.Entry<String, String> variable : env.entrySet()) {
      all = all.replace("$(" + variable.getKey() + ")", variable.getValue());
    }
    return all;
  }

  private static List<String> executor(Map<String, String> env, Path spark, String lookup) {
    List<String> command =
        new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin/java").toString()));
    for (int i = 0; env.containsKey("SPARK_JAVA_OPT_" + i); i++) {
      command.add(env.get("SPARK_JAVA_OPT_" + i));
    }
    String memory = env.get("SPARK_EXECUTOR_MEMORY");
    command.addAll(
        List.of(
            lookup,
            "-Xms" + memory,
            "-Xmx" + memory,
            "-cp",
            env.get("SPARK_CONF_DIR") + ":" + spark.resolve("jars") + "/*",
            "org.apache.spark.scheduler.cluster.k8s.KubernetesExecutorBackend",
            "--driver-url",
            env.get("SPARK_DRIVER_URL"),
            "--executor-id",
            env.get("SPARK_EXECUTOR_ID"),
            "--cores",
            env.get("SPARK_EXECUTOR_CORES"),
            "--app-id",
            env.get("SPARK_APPLICATION_ID"),
            "--hostname",
            env.get("SPARK_EXECUTOR_POD_IP"),
            "--resourceProfileId",
            env.get("SPARK_RESOURCE_PROFILE_ID"),
            "--podName",
            env.get("SPARK_EXECUTOR_POD_NAME")));
    return command;
  }

  /** Writes what is mounted; a claim is a folder of this machine, at the path where it is mounted. */
  private static Map<String, String> mount(
      JsonNode pod, Path own, List<JsonNode> configMaps, List<JsonNode> secrets)
      throws IOException {
    Map<String, String> paths = new HashMap<>();
    Map<Path, String> texts = new HashMap<>();
    for (JsonNode mount : pod.at("/spec/containers/0/volumeMounts")) {
      String name = mount.path("name").asText();
      String at = mount.path("mountPath").asText();
      JsonNode volume = MissingNode.getInstance();
      for (JsonNode found : pod.at("/spec/volumes")) {
        volume = found.path("name").asText().equals(name) ? found : volume;
      }
      if (volume.has("secret")) {
        Files.createDirectories(Path.of(at));
        JsonNode data = named(secrets, volume.at("/secret/secretName").asText()).path("data");
        for (Map.Entry<String, JsonNode> file : data.properties()) {
          Files.write(Path.of(at, file.getKey()), file.getValue().binaryValue());
        }
      } else if (!volume.has("persistentVolumeClaim")) {
        Path to = Files.createDirectories(own.resolve(name));
        paths.put(at, to.toString());
        JsonNode data = named(configMaps, volume.at("/configMap/name").asText()).path("data");
        // all of them, or those that are named, by other names
        for (Map.Entry<String, JsonNode> file : data.properties()) {
          texts.put(to.resolve(file.getKey()), file.getValue().asText());
        }
        for (JsonNode item : volume.at("/configMap/items")) {
          texts.put(
              to.resolve(item.path("path").asText()),
              data.path(item.path("key").asText()).asText());
        }
      }
    }
    for (Map.Entry<Path, String> file : texts.entrySet()) {
      Files.writeString(file.getKey(), rewritten(file.getValue(), paths));
    }
    return paths;
  }

  private static JsonNode named(List<JsonNode> objects, String name) {
    return objects.stream()
        .filter(it -> it.at("/metadata/name").asText().equals(name))
        .findFirst()
        .orElseGet(MissingNode::getInstance);
  }

  private static String rewritten(String text, Map<String, String> paths) {
    String all = text;
    for (Map.Entry<String, String> path : paths.entrySet()) {
      all = all.replace(path.getKey(), path.getValue());
    }
    return all;
  }
}
