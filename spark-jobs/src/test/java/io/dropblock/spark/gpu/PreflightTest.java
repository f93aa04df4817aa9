package io.dropblock.spark.gpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PreflightTest {
  private static final Preflight PREFLIGHT = new Preflight(2L << 30);

  /** The products after NVIDIA's table of compute capabilities. */
  @ParameterizedTest
  @CsvSource({
    "11000, Tesla M60, 5, 2",
    "13000, Tesla P100, 6, 0",
    "12020, Tesla V100, 7, 0",
    "12020, Tesla T4, 7, 5",
    "12080, NVIDIA A100, 8, 0",
    "11080, NVIDIA A10, 8, 6"
  })
  void letsThroughWhatTheBackendHasCodeFor(int driver, String name, int major, int minor) {
    assertThat(PREFLIGHT.obstacle(new HostGpu(driver, name, major, minor, 2L << 30))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "12040, NVIDIA H100, 9, 0, 80000",
    "12040, NVIDIA H200, 9, 0, 140000",
    "13000, NVIDIA B200, 10, 0, 180000",
    "12080, NVIDIA GeForce RTX 5060 Ti, 12, 0, 16000",
    "12020, NVIDIA L4, 8, 9, 23000",
    "11060, Tesla K80, 3, 7, 12000",
    "11060, Tesla K40, 3, 5, 12000"
  })
  void refusesOtherCapabilities(int driver, String name, int major, int minor, long mebibytes) {
    assertThat(PREFLIGHT.obstacle(new HostGpu(driver, name, major, minor, mebibytes << 20)))
        .contains(
            String.format(
                Locale.ROOT,
                "its compute capability is %d.%d, and training needs one of 5.0 to 8.6: %s",
                major,
                minor,
                major > 5
                    ? "nd4j-cuda-11.6 has no code for newer GPUs"
                    : "DropBlock's kernel has no code for older GPUs"));
  }

  @ParameterizedTest
  @CsvSource({"10020, 10.2", "9000, 9.0", "10010, 10.1"})
  void refusesADriverBeforeCuda11(int driver, String words) {
    assertThat(PREFLIGHT.obstacle(new HostGpu(driver, "Tesla V100", 7, 0, 16L << 30)))
        .contains(
            "its driver is for CUDA "
                + words
                + ", and nd4j-cuda-11.6 needs one for CUDA 11.0 or later: 450.80.02");
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "2147483647, 2047"})
  void refusesAGpuThatIsFull(long free, long mebibytes) {
    assertThat(PREFLIGHT.obstacle(new HostGpu(11060, "Tesla V100", 7, 0, free)))
        .contains(
            mebibytes
                + " MiB of its memory are free, and spark.dropblock.gpu.freeMemory asks for"
                + " 2048 MiB; does another process use it?");
  }
}
