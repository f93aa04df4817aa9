package io.dropblock.spark.cluster;

import io.dropblock.spark.text.Count;
import io.fabric8.kubernetes.api.model.ContainerStateWaiting;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.File;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.deploy.k8s.Config$;
import org.apache.spark.deploy.k8s.Constants$;
import org.apache.spark.deploy.k8s.KubernetesUtils;
import org.apache.spark.deploy.k8s.SparkKubernetesClientFactory;
import org.apache.spark.deploy.k8s.SparkKubernetesClientFactory.ClientType$;
import scala.Option;

/** The executors' pods, asked of the API as Spark's own driver asks. */
final class ExecutorPods {
  private static final Config$ CONFIG = Config$.MODULE$;
  private static final Constants$ NAMES = Constants$.MODULE$;
  private static final int TOLD = 3;

  private ExecutorPods() {}

  /** Those that Kubernetes has not started, with its reasons; empty if there are none. */
  static Optional<String> pending(JavaSparkContext spark) {
    SparkConf conf = spark.getConf();
    try (KubernetesClient client = client(conf)) {
      List<Pod> pods =
          client
              .pods()
              .withLabel(NAMES.SPARK_APP_ID_LABEL(), spark.sc().applicationId())
              .withLabel(NAMES.SPARK_ROLE_LABEL(), NAMES.SPARK_POD_EXECUTOR_ROLE())
              .list()
              .getItems()
              .stream()
              .filter(pod -> "Pending".equals(pod.getStatus().getPhase()))
              .toList();
      return pods.isEmpty() ? Optional.empty() : Optional.of(text(pods));
    } catch (KubernetesClientException e) {
      return Optional.of("the pods cannot be looked at: " + ExecutorLoss.firstLine(reason(e)));
    }
  }

  private static String reason(Exception e) {
    return String.valueOf(e.getMessage());
  }

  private static String text(List<Pod> pods) {
    String more = pods.size() > TOLD ? ", ..." : "";
    return pods.stream()
        .limit(TOLD)
        .map(pod -> pod.getMetadata().getName() + " (" + reason(pod) + ")")
        .collect(
            Collectors.joining(
                ", ",
                Count.of(pods.size(), "pod")
                    + (pods.size() == 1 ? " is" : " are")
                    + " pending: ",
                more));
  }

  /** The scheduler's, or where a node was found the container's. */
  private static String reason(Pod pod) {
    Stream<String> scheduler =
        pod.getStatus().getConditions().stream()
            .filter(it -> "PodScheduled".equals(it.getType()) && "False".equals(it.getStatus()))
            .map(it -> words(it.getReason(), it.getMessage()));
    Stream<String> containers =
        pod.getStatus().getContainerStatuses().stream()
            .map(it -> it.getState() == null ? null : it.getState().getWaiting())
            .filter(Objects::nonNull)
            .map(ExecutorPods::waiting);
    return Stream.concat(scheduler, containers).findFirst().orElse("no reason given");
  }

  private static String waiting(ContainerStateWaiting waiting) {
    return words(waiting.getReason(), waiting.getMessage());
  }

  private static String words(String reason, String message) {
    return Stream.of(reason, message)
        .filter(Objects::nonNull)
        .map(ExecutorLoss::firstLine)
        .filter(word -> !word.isEmpty())
        .collect(Collectors.joining(": "));
  }

  /** As in Spark's KubernetesClusterManager. */
  private static KubernetesClient client(SparkConf conf) {
    boolean inPod = (Boolean) conf.get(CONFIG.KUBERNETES_DRIVER_SUBMIT_CHECK());
    return SparkKubernetesClientFactory.createKubernetesClient(
        inPod
            ? conf.get(CONFIG.KUBERNETES_DRIVER_MASTER_URL())
            : KubernetesUtils.parseMasterUrl(conf.get("spark.master")),
        Option.apply(conf.get(CONFIG.KUBERNETES_NAMESPACE())),
        inPod
            ? CONFIG.KUBERNETES_AUTH_DRIVER_MOUNTED_CONF_PREFIX()
            : CONFIG.KUBERNETES_AUTH_CLIENT_MODE_PREFIX(),
        ClientType$.MODULE$.Driver(),
        conf,
        inPod
            ? Option.apply(new File(Config.KUBERNETES_SERVICE_ACCOUNT_CA_CRT_PATH))
            : Option.empty());
  }
}
