package io.dropblock.op;

import static org.assertj.core.api.Assertions.assertThat;

import io.dropblock.cuda.FakeDriver;
import io.dropblock.cuda.RealDriver;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * The CUDA kernel against the CPU's, bit for bit: on the fake driver, and where there is a GPU, on
 * that.
 */
class CudaEqualityTest {
  private final DropBlockKernel cpu = new CpuKernel(2);

  private static CudaKernel open(boolean fake) {
    return CudaKernel.open(fake ? FakeDriver.open() : RealDriver.open(), 0);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void masksAndProductsOfRandomSettingsAreEqual(boolean fake) {
    Random random = Seeds.random();
    try (CudaKernel kernel = open(fake)) {
      for (int repetition = 0; repetition < 300; repetition++) {
        RandomCase one = RandomCase.next(random);
        DataType type = KernelEqualityTest.TYPES[random.nextInt(KernelEqualityTest.TYPES.length)];
        DropMask expected = requireEqualMasks(kernel, one);
        INDArray input = KernelEqualityTest.numbers(random, one.shape()).castTo(type);
        KernelEqualityTest.requireEqualProducts(cpu, kernel, expected, input, one.toString());
      }
    }
    assertThat(fake ? FakeDriver.left() : "").isEmpty();
  }

  private DropMask requireEqualMasks(CudaKernel kernel, RandomCase one) {
    DropMask expected = one.sample(cpu);
    DropMask mask = one.sample(kernel);
    assertThat(mask).as("%s", one).isEqualTo(expected);
    assertThat(mask.dropped()).as("%s", one).isEqualTo(expected.dropped());
    return expected;
  }

  /** Maps of every size of tile, samples that share one, and more than fit into a tile. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void masksOfManyMapsAreEqual(boolean fake) {
    Random random = Seeds.random();
    int[][] shapes = {
      // samples, channels, height, width, block
      {70_000, 1, 7, 7, 7},
      {1, 70_000, 3, 5, 2},
      {100, 70, 14, 14, 7},
      {9, 1001, 28, 28, 7},
      {3, 130, 56, 56, 7},
      {2, 67, 70, 83, 5},
      {2, 67, 150, 90, 7},
      {5, 3, 1, 1, 1},
      {3, 5, 1, 4000, 9}
    };
    try (CudaKernel kernel = open(fake)) {
      for (int[] shape : shapes) {
        for (Normalization scaled : Normalization.values()) {
          RandomCase one =
              new RandomCase(
                  new MaskKey(random.nextLong(), 4, 4294967295L, 4294967290L),
                  BlockGeometry.clipped(shape[2], shape[3], shape[4], shape[4]),
                  new MaskSettings(.9, false, random.nextBoolean(), scaled),
                  shape[0],
                  shape[1]);
          requireEqualMasks(kernel, one);
        }
      }
    }
  }

  /** Addresses that are no multiples of 16, alike or not, and products of many thread blocks. */
  @Test
  void productsAtAnyAddressAreEqual() {
    Random random = Seeds.random();
    // samples of 4096 elements: tiles as they are, and one more where addresses are odd
    long[][] shapes = {
      {2, 3, 5, 7}, {3, 64, 14, 14}, {1, 130, 28, 28}, {70, 33, 1, 1}, {2, 64, 8, 8}
    };
    try (CudaKernel kernel = CudaKernel.open(FakeDriver.open(), 0)) {
      for (long[] shape : shapes) {
        for (DataType type : KernelEqualityTest.TYPES) {
          for (Normalization scaled : Normalization.values()) {
            requireEqualAtAddresses(kernel, random, shape, type, scaled);
          }
        }
      }
    }
  }

  private void requireEqualAtAddresses(
      CudaKernel kernel, Random random, long[] shape, DataType type, Normalization scaled) {
    BlockGeometry geometry = BlockGeometry.clipped((int) shape[2], (int) shape[3], 3, 3);
    MaskKey key = new MaskKey(random.nextLong(), 1, 2, 3);
    MaskSettings settings = new MaskSettings(.8, false, random.nextBoolean(), scaled);
    int samples = (int) shape[0];
    int channels = (int) shape[1];
    DropMask expected = cpu.sample(key, geometry, settings, samples, channels);
    INDArray input = KernelEqualityTest.numbers(random, shape).castTo(type);
    INDArray product = input.ulike();
    cpu.apply(expected, input, product);
    try (DeviceMask mask = kernel.mask(geometry, settings.sharedChannels(), samples, channels)) {
      kernel.sample(mask, key, settings, 7);
      for (int offset = 0; offset < 16 / type.width(); offset++) {
        // the fake's device memory is main memory
        INDArray source = shifted(input, offset);
        INDArray target = shifted(input, random.nextBoolean() ? offset : 1);
        boolean inPlace = random.nextBoolean();
        long from = Tensors.address(source);
        long to = inPlace ? from : Tensors.address(target);
        kernel.multiply(mask, type, false, from, to, 7);
        Bits.requireEqual(
            inPlace ? source : target, product, type + " at " + offset + " of " + expected);
      }
    }
  }

  /** A copy that begins some elements after that of its memory. */
  private static INDArray shifted(INDArray array, int offset) {
    INDArray memory = Nd4j.create(array.dataType(), array.length() + offset);
    INDArray view =
        memory
            .get(NDArrayIndex.interval(offset, offset + array.length()))
            .reshape('c', array.shape());
    view.assign(array);
    return view;
  }
}
