package io.dropblock.op;

class ReferenceKernelTest implements MaskContract, StatisticsContract, ProductContract {
  @Override
  public DropBlockKernel kernel() {
    return new ReferenceKernel();
  }
}
