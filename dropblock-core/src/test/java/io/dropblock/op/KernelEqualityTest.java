package io.dropblock.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropblock.cpu.NativeLibrary;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The fast kernel against the definition, bit for bit. */
class KernelEqualityTest {
  static final DataType[] TYPES = {
    DataType.FLOAT, DataType.DOUBLE, DataType.FLOAT16, DataType.BFLOAT16
  };

  private final DropBlockKernel reference = new ReferenceKernel();
  private final List<DropBlockKernel> fast = kernels();

  /** Some numbers of threads, and every set of instructions that is here. */
  private static List<DropBlockKernel> kernels() {
    List<DropBlockKernel> kernels = new ArrayList<>(List.of(new CpuKernel(2), new CpuKernel(5)));
    for (int set = 0; set < NativeLibrary.instructionSets(); set++) {
      kernels.add(new CpuKernel(1, set));
    }
    return kernels;
  }

  @Test
  void masksAndProductsOfRandomSettingsAreEqual() {
    Random random = Seeds.random();
    for (int repetition = 0; repetition < 300; repetition++) {
      RandomCase one = RandomCase.next(random);
      DropMask expected = one.sample(reference);
      DataType type = TYPES[random.nextInt(TYPES.length)];
      INDArray input = numbers(random, one.shape()).castTo(type);
      for (DropBlockKernel kernel : fast) {
        DropMask mask = one.sample(kernel);
        assertThat(mask).as("%s", one).isEqualTo(expected);
        assertThat(mask.kept()).as("%s", one).isEqualTo(expected.kept());
        requireEqualProducts(reference, kernel, expected, input, one.toString());
      }
    }
  }

  @Test
  void masksAndProductsOfManyMapsAreEqual() {
    // enough maps and elements for every thread to get its share, at no round number
    Random random = Seeds.random();
    int[][] sides = {{7, 7, 3}, {1, 1, 1}, {9, 7, 7}};
    for (int[] side : sides) {
      for (boolean shared : new boolean[] {false, true}) {
        RandomCase one =
            new RandomCase(
                new MaskKey(random.nextLong(), 4, 5, 4294967290L - 70),
                BlockGeometry.clipped(side[0], side[1], side[2], side[2]),
                new MaskSettings(.9, false, shared, Normalization.SAMPLE),
                70,
                1001);
        DropMask expected = one.sample(reference);
        INDArray input = Nd4j.rand(DataType.FLOAT, one.shape());
        for (DropBlockKernel kernel : fast) {
          assertThat(one.sample(kernel)).isEqualTo(expected);
          requireEqualProducts(reference, kernel, expected, input, one.toString());
        }
      }
    }
  }

  static void requireEqualProducts(
      DropBlockKernel reference,
      DropBlockKernel kernel,
      DropMask mask,
      INDArray input,
      String what) {
    INDArray expected = input.ulike();
    reference.apply(mask, input, expected);
    INDArray output = input.ulike();
    kernel.apply(mask, input, output);
    Bits.requireEqual(output, expected, what);
    INDArray inPlace = input.dup();
    kernel.apply(mask, inPlace, inPlace);
    Bits.requireEqual(inPlace, expected, what + " in place");
    INDArray channelsLast = input.permute(0, 2, 3, 1).dup('c').permute(0, 3, 1, 2);
    kernel.apply(mask, channelsLast, channelsLast);
    Bits.requireEqual(channelsLast, expected, what + " channels last");
  }

  /** Numbers of all sizes, some of them special. */
  static INDArray numbers(Random random, long[] shape) {
    double[] special = {0, -0., Double.NaN, 1e40, -1e40, 3e38, 65000, 1e-40, 6e-8, 1e-310};
    INDArray array = Nd4j.create(DataType.DOUBLE, shape);
    for (int i = 0; i < array.length(); i++) {
      boolean plain = random.nextInt(8) > 0;
      array.data().put(i, plain ? random.nextGaussian() : special[random.nextInt(special.length)]);
    }
    return array;
  }

  @Test
  void theFastestKernelHereIsTheCpuKernel() {
    assertThat(DropBlockKernel.fastest())
        .isInstanceOf(CpuKernel.class)
        .isSameAs(DropBlockKernel.fastest());
  }

  @Test
  void refusesNoThreads() {
    assertThatThrownBy(() -> new CpuKernel(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid number of threads: 0");
  }
}
