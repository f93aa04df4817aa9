package io.dropblock.op;

import static org.assertj.core.api.Assertions.assertThat;

import io.dropblock.cuda.FakeDriver;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;

/** The source of the CUDA kernel, compiled as C++, through the host code that GPUs get. */
class CudaKernelOnFakeDriverTest implements MaskContract, StatisticsContract, ProductContract {
  private static CudaKernel kernel;

  @BeforeEach
  void open() {
    // here and not once before all, so that every test is reported as skipped
    if (kernel == null) {
      kernel = CudaKernel.open(FakeDriver.open(), 0);
    }
  }

  @AfterAll
  static void leavesNothingBehind() {
    if (kernel != null) {
      kernel.close();
      kernel = null;
      assertThat(FakeDriver.left()).isEmpty();
    }
  }

  @Override
  public DropBlockKernel kernel() {
    return kernel;
  }
}
