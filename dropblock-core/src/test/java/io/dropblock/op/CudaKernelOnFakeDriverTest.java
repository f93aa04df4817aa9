package io.dropblock.op;

import static org.assertj.core.api.Assertions.assertThat;

import io.dropblock.cuda.FakeDriver;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The source of the CUDA kernel, compiled as C++, through the host code that GPUs get. */
class CudaKernelOnFakeDriverTest implements MaskContract, StatisticsContract, ProductContract {
  private static CudaKernel kernel;

  @BeforeAll
  static void open() {
    kernel = CudaKernel.open(FakeDriver.open(), 0);
  }

  @AfterAll
  static void leavesNothingBehind() {
    if (kernel != null) {
      kernel.close();
      assertThat(FakeDriver.left()).isEmpty();
    }
  }

  @Override
  public DropBlockKernel kernel() {
    return kernel;
  }
}
