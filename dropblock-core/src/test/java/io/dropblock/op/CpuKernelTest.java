package io.dropblock.op;

class CpuKernelTest implements MaskContract, StatisticsContract, ProductContract {
  @Override
  public DropBlockKernel kernel() {
    return new CpuKernel(1);
  }
}
