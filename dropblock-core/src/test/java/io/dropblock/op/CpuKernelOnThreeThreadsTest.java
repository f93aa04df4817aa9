package io.dropblock.op;

class CpuKernelOnThreeThreadsTest implements MaskContract, StatisticsContract, ProductContract {
  private static final DropBlockKernel KERNEL = new CpuKernel(3);

  @Override
  public DropBlockKernel kernel() {
    return KERNEL;
  }
}
