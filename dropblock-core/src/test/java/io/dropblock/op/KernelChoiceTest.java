package io.dropblock.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.dropblock.cuda.CudaDriver;
import io.dropblock.cuda.CudaException;
import io.dropblock.cuda.RealDriver;
import org.junit.jupiter.api.Test;

class KernelChoiceTest {
  @Test
  void takesTheCpuKernelWhereThereIsNoDriver() {
    assumeTrue(!hasDriver(), "there is a CUDA driver here");
    assertThat(DropBlockKernel.onGpu(0)).isInstanceOf(CpuKernel.class);
  }

  @Test
  void keepsOneKernelForAGpu() {
    RealDriver.open();
    assertThat(DropBlockKernel.onGpu(0))
        .isInstanceOf(CudaKernel.class)
        .isSameAs(DropBlockKernel.onGpu(0));
  }

  private static boolean hasDriver() {
    try {
      return CudaDriver.open().deviceCount() > 0;
    } catch (CudaException e) {
      return false;
    }
  }
}
