package io.dropblock.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropblock.cuda.FakeDriver;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** In place, on a fake driver whose GPU's memory is main memory, where ND4J's arrays are. */
class InPlaceKernelTest implements MaskContract, StatisticsContract, ProductContract {
  private static final int STREAM = 7;
  private static CudaKernel cuda;
  private static DropBlockKernel kernel;

  /** As a backend would find them. */
  private static final class Arrays implements DeviceArrays {
    @Override
    public Place place() {
      return new Place(0, STREAM);
    }

    @Override
    public void use(INDArray input, INDArray output, Launch launch) {
      launch.at(place(), Tensors.address(input), Tensors.address(output));
    }
  }

  @BeforeAll
  static void open() {
    cuda = CudaKernel.open(FakeDriver.open(), 0);
    kernel = new InPlaceKernel(new Arrays(), device -> cuda);
  }

  @AfterAll
  static void close() {
    if (cuda != null) {
      cuda.close();
    }
  }

  @Override
  public DropBlockKernel kernel() {
    return kernel;
  }

  @Test
  void productsOfRandomSettingsAreTheCpus() {
    Random random = Seeds.random();
    DropBlockKernel cpu = new CpuKernel(2);
    for (int repetition = 0; repetition < 100; repetition++) {
      RandomCase one = RandomCase.next(random);
      DataType type = KernelEqualityTest.TYPES[random.nextInt(KernelEqualityTest.TYPES.length)];
      INDArray input = KernelEqualityTest.numbers(random, one.shape()).castTo(type);
      try (DropMask mask = one.sample(kernel)) {
        assertThat(mask.kept()).as("%s", one).isEqualTo(one.sample(cpu).kept());
        KernelEqualityTest.requireEqualProducts(cpu, kernel, mask, input, one.toString());
      }
    }
  }

  @Test
  void aMaskOfMainMemoryIsCopied() {
    RandomCase one = RandomCase.next(Seeds.random());
    DropBlockKernel cpu = new CpuKernel(1);
    DropMask mask = one.sample(cpu);
    INDArray input = KernelEqualityTest.numbers(Seeds.random(), one.shape());
    KernelEqualityTest.requireEqualProducts(cpu, kernel, mask, input, one.toString());
  }

  @Test
  void aMaskThatWasLetGoOfIsDrawnIntoAgain() {
    DropBlockKernel inPlace = new InPlaceKernel(new Arrays(), device -> cuda);
    long before = reservations();
    RandomCase one = RandomCase.next(Seeds.random());
    for (int step = 0; step < 5; step++) {
      one.sample(inPlace).close();
    }
    assertThat(reservations() - before).isOne();
    DropMask first = one.sample(inPlace);
    DropMask second = one.sample(inPlace);
    assertThat(((GpuMask) first).device()).isNotSameAs(((GpuMask) second).device());
    assertThat(second).isEqualTo(first);
  }

  /** Batches of another size each time, as an evaluation or a loop over sizes has them. */
  @Test
  void masksThatNobodyDrawsIntoAnyMoreAreFreed() {
    DropBlockKernel inPlace = new InPlaceKernel(new Arrays(), device -> cuda);
    BlockGeometry geometry = BlockGeometry.clipped(14, 14, 7, 7);
    MaskSettings settings = new MaskSettings(.9, false, false, Normalization.BATCH);
    long reserved = reservations();
    long freed = calls("cuMemFree");
    int sizes = 50;
    for (int samples = 1; samples <= sizes; samples++) {
      inPlace.sample(new MaskKey(1, 2, samples, 0), geometry, settings, samples, 8).close();
    }
    assertThat(reservations() - reserved).isEqualTo(sizes);
    // at most twice the largest is kept
    assertThat(calls("cuMemFree") - freed).isGreaterThanOrEqualTo(sizes - 3);
    // and what is in use again and again stays
    long before = reservations();
    for (int step = 0; step < 3; step++) {
      inPlace.sample(new MaskKey(1, 2, step, 0), geometry, settings, sizes, 8).close();
    }
    assertThat(reservations()).isEqualTo(before);
  }

  @Test
  void nobodyWaitsForAMaskUntilItIsAskedFor() {
    RandomCase one = RandomCase.next(Seeds.random());
    INDArray input = KernelEqualityTest.numbers(Seeds.random(), one.shape());
    long before = calls("cuStreamSynchronize");
    try (DropMask mask = one.sample(kernel)) {
      kernel.apply(mask, input, input.dup());
      assertThat(calls("cuStreamSynchronize")).isEqualTo(before);
      assertThat(mask.kept()).isEqualTo(one.sample(new CpuKernel(1)).kept());
      assertThat(calls("cuStreamSynchronize")).isGreaterThan(before);
    }
  }

  private static long reservations() {
    return calls("cuMemAlloc");
  }

  private static long calls(String function) {
    return FakeDriver.journal().stream().filter(call -> call.startsWith(function)).count();
  }

  @Test
  void whatWasDroppedStaysKnownAndNothingElse() {
    RandomCase one = RandomCase.next(Seeds.random());
    DropMask mask = one.sample(kernel);
    double kept = mask.keptFraction();
    mask.close();
    assertThat(mask.keptFraction()).isEqualTo(kept);
    assertThatThrownBy(() -> mask.keeps(0, 0, 0, 0))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith("Cannot use a mask that was let go of: DropMask[");
  }
}
