package io.dropblock.spark.cluster;

import java.util.Optional;
import org.apache.spark.api.java.JavaSparkContext;

/** What Kubernetes says of executors that it does not start; of other clusters nothing is known. */
final class PendingPods {
  private PendingPods() {}

  /**
   * Of this application, in a few words, such as "2 pods are pending: demo-exec-1 (Unschedulable:
   * 0/3 nodes are available: 3 Insufficient memory.), demo-exec-2 (the same)"; empty if there are
   * none.
   */
  static Optional<String> text(JavaSparkContext spark) {
    // its classes are there only where Spark has a client for it
    return spark.master().startsWith("k8s://") ? ExecutorPods.pending(spark) : Optional.empty();
  }
}
