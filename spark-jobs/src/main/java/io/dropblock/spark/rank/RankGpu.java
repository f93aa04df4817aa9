package io.dropblock.spark.rank;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.TaskContext;
import org.apache.spark.resource.ResourceInformation;
import org.nd4j.linalg.api.concurrency.AffinityManager;
import org.nd4j.linalg.api.ops.executioner.OpExecutioner.ExecutionerType;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The GPU of the running task: the one that Spark's resource {@code gpu} gives it.
 *
 * @param device its number in this process, at least 0
 */
public record RankGpu(int device) {
  /** Spark's name of the resource. */
  public static final String RESOURCE = "gpu";

  /**
   * That of the task that the calling thread runs; empty where Spark gives its tasks no GPU.
   *
   * @throws IllegalStateException if the thread runs none, or Spark gave it what cannot be used
   */
  public static Optional<RankGpu> ofThisTask() {
    TaskContext task = TaskContext.get();
    if (task == null) {
      throw new IllegalStateException(
          String.format(
              Locale.ROOT,
              "Cannot tell the GPU of a task: thread %s runs none",
              Thread.currentThread().getName()));
    }
    return of(task.resourcesJMap());
  }

  static Optional<RankGpu> of(Map<String, ResourceInformation> resources) {
    ResourceInformation gpus = resources.get(RESOURCE);
    return gpus == null ? Optional.empty() : Optional.of(of(gpus.addresses()));
  }

  private static RankGpu of(String[] addresses) {
    if (addresses.length != 1) {
      throw new IllegalStateException(
          String.format(
              Locale.ROOT,
              "Cannot compute on GPUs %s: a task uses one; set spark.task.resource.gpu.amount=1",
              String.join(", ", addresses)));
    }
    return new RankGpu(device(addresses[0]));
  }

  /**
   * The number that an address is.
   *
   * @throws IllegalStateException if it is none
   */
  public static int device(String address) {
    if (!address.matches("\\d{1,4}")) {
      throw new IllegalStateException(
          String.format(
              Locale.ROOT,
              "Cannot compute on GPU '%s': its address must be its number, as cluster-configs/gpus.sh gives it",
              address));
    }
    return Integer.parseInt(address);
  }

  /**
   * Lets the calling thread, the task's own, compute on this GPU: ND4J, which would deal out GPUs
   * by turns, and our kernels, which go where ND4J's arrays are. Each task that computes does so
   * first. Its feed's threads need not: they never see an array.
   *
   * @throws IllegalStateException if ND4J computes in main memory, or has no such GPU
   */
  public void take() {
    take(Nd4j.getExecutioner().type(), Nd4j.getAffinityManager());
  }

  void take(ExecutionerType backend, AffinityManager devices) {
    if (backend != ExecutionerType.CUDA) {
      throw new IllegalStateException(
          String.format(
              Locale.ROOT,
              "Cannot compute on GPU %d: ND4J found no CUDA here and took main memory; are libcudart.so.11.0, libcublas.so.11 and libcusolver.so.11 on LD_LIBRARY_PATH of the executors?",
              device));
    }
    if (device >= devices.getNumberOfDevices()) {
      throw new IllegalStateException(
          String.format(
              Locale.ROOT,
              "Cannot compute on GPU %d: this executor sees %d, counted from 0; is CUDA_VISIBLE_DEVICES set there?",
              device,
              devices.getNumberOfDevices()));
    }
    devices.unsafeSetDevice(device);
  }
}
