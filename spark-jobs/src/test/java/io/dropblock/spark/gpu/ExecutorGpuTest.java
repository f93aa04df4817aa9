package io.dropblock.spark.gpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import io.dropblock.cuda.CudaDriver;
import java.util.Map;
import org.apache.spark.resource.ResourceInformation;
import org.junit.jupiter.api.Test;

class ExecutorGpuTest {
  private static final HostGpu V100 = new HostGpu(11060, "Tesla V100", 7, 0, 16L << 30);
  private static final Preflight PREFLIGHT = new Preflight(1);

  @Test
  void theDriverIsAskedAboutTheOneThatSparkGave() {
    HostGpu found =
        ExecutorGpu.of("node7", gpus("3"))
            .check(
                PREFLIGHT, true, device -> device == 3 ? V100 : fail("asked about GPU " + device));
    assertThat(found).isEqualTo(V100);
  }

  @Test
  void anExecutorHasOne() {
    assertThatThrownBy(() -> ExecutorGpu.of("node7", gpus("0", "1")))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "Cannot train on GPUs [0, 1] of node7: an executor needs one of its own; set"
                + " spark.executor.resource.gpu.amount=1, and have the cluster manager show"
                + " executors theirs only");
    assertThatThrownBy(() -> ExecutorGpu.of("node7", Map.of()))
        .hasMessageStartingWith("Cannot train on GPUs [] of node7: ");
  }

  @Test
  void theReasonNamesGpuAndHost() {
    HostGpu h100 = new HostGpu(12040, "NVIDIA H100 80GB HBM3", 9, 0, 80L << 30);
    assertThatThrownBy(() -> new ExecutorGpu("node7", 0).check(PREFLIGHT, true, device -> h100))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "Cannot train on GPU 0 (NVIDIA H100 80GB HBM3) of node7: its compute capability is"
                + " 9.0, and training needs one of 5.0 to 8.6: nd4j-cuda-11.6 has no code for newer"
                + " GPUs");
  }

  @Test
  void aDriverThatIsNotThereIsAReason() {
    assertThatThrownBy(
            () ->
                new ExecutorGpu("node7", 0)
                    .check(
                        PREFLIGHT,
                        true,
                        device -> {
                          CudaDriver.open("libnosuchdriver.so.1");
                          return V100;
                        }))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageMatching(
            "Cannot train on GPU 0 of node7: Cannot open the CUDA driver: libnosuchdriver.*");
  }

  @Test
  void theJarMustBeTheOneForGpus() {
    assertThatThrownBy(() -> new ExecutorGpu("node7", 0).check(PREFLIGHT, false, device -> V100))
        .hasMessage(
            "Cannot train on GPU 0 of node7: this jar computes in main memory; submit with --gpu,"
                + " which builds the other one");
  }

  private static Map<String, ResourceInformation> gpus(String... addresses) {
    return Map.of("gpu", new ResourceInformation("gpu", addresses));
  }
}
