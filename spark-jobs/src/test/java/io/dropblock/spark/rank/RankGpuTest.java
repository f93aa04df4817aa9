package io.dropblock.spark.rank;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.apache.spark.resource.ResourceInformation;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataBuffer;
import org.nd4j.linalg.api.concurrency.BasicAffinityManager;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.executioner.OpExecutioner.ExecutionerType;

class RankGpuTest {
  private final Devices devices = new Devices();

  @Test
  void isTheOneThatSparkGave() {
    assertThat(RankGpu.of(gpus("3"))).contains(new RankGpu(3));
  }

  @Test
  void thereIsNoneWhereSparkGivesNone() {
    assertThat(RankGpu.of(Map.of())).isEmpty();
    assertThat(RankGpu.of(Map.of("fpga", new ResourceInformation("fpga", new String[] {"0", "1"}))))
        .isEmpty();
  }

  @Test
  void aTaskUsesOne() {
    assertThatThrownBy(() -> RankGpu.of(gpus("0", "2")))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "Cannot compute on GPUs 0, 2: a task uses one; set spark.task.resource.gpu.amount=1");
  }

  @Test
  void itsAddressIsANumber() {
    assertThatThrownBy(() -> RankGpu.of(gpus("GPU-1f0c")))
        .hasMessage(
            "Cannot compute on GPU 'GPU-1f0c': its address must be its number, as"
                + " cluster-configs/gpus.sh gives it");
    assertThatThrownBy(() -> RankGpu.of(gpus("-1"))).hasMessageContaining("'-1'");
    assertThatThrownBy(() -> RankGpu.of(gpus("99999"))).hasMessageContaining("'99999'");
  }

  @Test
  void theThreadThatTakesItComputesOnIt() {
    new RankGpu(1).take(ExecutionerType.CUDA, devices);
    assertThat(devices.current).isEqualTo(1);
  }

  @Test
  void mainMemoryIsNoReplacement() {
    assertThatThrownBy(() -> new RankGpu(1).take(ExecutionerType.NATIVE_CPU, devices))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith(
            "Cannot compute on GPU 1: ND4J found no CUDA here and took main memory; ");
    assertThat(devices.current).isZero();
  }

  @Test
  void refusesOneThatNd4jDoesNotSee() {
    assertThatThrownBy(() -> new RankGpu(2).take(ExecutionerType.CUDA, devices))
        .hasMessage(
            "Cannot compute on GPU 2: this executor sees 2, counted from 0; is"
                + " CUDA_VISIBLE_DEVICES set there?");
  }

  @Test
  void aThreadWithoutATaskHasNone() {
    assertThatThrownBy(RankGpu::ofThisTask)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith("Cannot tell the GPU of a task: thread ");
  }

  private static Map<String, ResourceInformation> gpus(String... addresses) {
    return Map.of("gpu", new ResourceInformation("gpu", addresses));
  }

  /** A backend with two. */
  private static final class Devices extends BasicAffinityManager {
    private int current;

    @Override
    public int getNumberOfDevices() {
      return 2;
    }

    @Override
    public void unsafeSetDevice(Integer device) {
      current = device;
    }

    @Override
    public void touch(INDArray array) {}

    @Override
    public void touch(DataBuffer buffer) {}
  }
}
