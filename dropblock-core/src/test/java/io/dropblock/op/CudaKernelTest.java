package io.dropblock.op;

import io.dropblock.cuda.RealDriver;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;

/** On a GPU, where there is one. */
class CudaKernelTest implements MaskContract, StatisticsContract, ProductContract {
  private static CudaKernel kernel;

  @BeforeEach
  void open() {
    // here and not once before all, so that every test is reported as skipped
    if (kernel == null) {
      kernel = CudaKernel.open(RealDriver.open(), 0);
    }
  }

  @AfterAll
  static void close() {
    if (kernel != null) {
      kernel.close();
      kernel = null;
    }
  }

  @Override
  public DropBlockKernel kernel() {
    return kernel;
  }
}
