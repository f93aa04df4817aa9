package io.dropblock.spark.gpu;

import io.dropblock.cuda.CudaException;
import io.dropblock.spark.rank.RankGpu;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntFunction;
import org.apache.spark.resource.ResourceInformation;

/**
 * The one GPU of an executor.
 *
 * @param host for messages
 * @param device its number in this process
 */
record ExecutorGpu(String host, int device) {

  /**
   * The one that Spark gave an executor.
   *
   * @throws IllegalStateException if that is not one GPU
   */
  static ExecutorGpu of(String host, Map<String, ResourceInformation> resources) {
    ResourceInformation gpus = resources.get(RankGpu.RESOURCE);
    String[] addresses = gpus == null ? new String[0] : gpus.addresses();
    if (addresses.length != 1) {
      // YARN without isolation: each executor finds all of a host, and uses the first
      throw new IllegalStateException(
          String.format(
              Locale.ROOT,
              "Cannot train on GPUs [%s] of %s: an executor needs one of its own; set spark.executor.resource.gpu.amount=1, and have the cluster manager show executors theirs only",
              String.join(", ", addresses),
              host));
    }
    return new ExecutorGpu(host, RankGpu.device(addresses[0]));
  }

  /**
   * Lets through what can train.
   *
   * @param cudaJar whether this jar was built with the profile cuda
   * @param driver tells what is known of a GPU, or throws {@link CudaException}
   * @return what it told
   * @throws IllegalStateException in one sentence, why training here would fail
   */
  HostGpu check(Preflight preflight, boolean cudaJar, IntFunction<HostGpu> driver) {
    if (!cudaJar) {
      throw refusal(
          "", "this jar computes in main memory; submit with --gpu, which builds the other one");
    }
    HostGpu gpu;
    try {
      gpu = driver.apply(device);
    } catch (CudaException e) {
      throw refusal("", e.getMessage());
    }
    preflight
        .obstacle(gpu)
        .ifPresent(
            obstacle -> {
              throw refusal(" (" + gpu.name() + ")", obstacle);
            });
    return gpu;
  }

  private IllegalStateException refusal(String name, String reason) {
    return new IllegalStateException(
        String.format(
            Locale.ROOT, "Cannot train on GPU %d%s of %s: %s", device, name, host, reason));
  }
}
