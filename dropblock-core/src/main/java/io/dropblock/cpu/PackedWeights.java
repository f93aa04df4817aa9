package io.dropblock.cpu;

import java.lang.ref.Reference;
import java.util.Arrays;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A convolution's weights in the order in which {@link ConvolutionLoops} reads them, on the way
 * forward or back, made once for many passes. A copy: for 3x3 kernels of stride 1 up to 16/9 of the
 * weights' size, else about the same. It is outside all workspaces, and freed with this object.
 */
public final class PackedWeights {
  private static final int SAMPLES = 16;

  private final int instructionSet;
  private final int[] geometry;
  private final boolean back;
  private final long[] shape;
  private final INDArray memory;
  private int[] sample;

  PackedWeights(int instructionSet, int[] geometry, boolean back, INDArray weights) {
    this.instructionSet = instructionSet;
    this.geometry = geometry;
    this.back = back;
    shape = weights.shape();
    long floats = NativeLoops.convolutionPacked(instructionSet, geometry, back);
    memory =
        CacheLines.aligned(
            length -> Nd4j.createUninitializedDetached(DataType.FLOAT, length), floats);
    replace(weights);
  }

  /**
   * Packs other weights in place of those that were here.
   *
   * @param weights in the shape of the former ones
   */
  public void replace(INDArray weights) {
    DenseFloats.require(shape, weights);
    NativeLoops.convolutionPack(
        instructionSet, geometry, back, address(), DenseFloats.address(weights));
    sample = sample(weights);
    Reference.reachabilityFence(weights);
  }

  /**
   * Whether weights are still those that were packed, as far as some of them tell, from the first
   * to the last: what changes all of them is seen, a change of single ones may not be.
   */
  public boolean seemsToBe(INDArray weights) {
    return Arrays.equals(shape, weights.shape()) && Arrays.equals(sample, sample(weights));
  }

  private static int[] sample(INDArray weights) {
    int[] bits = new int[SAMPLES];
    for (int i = 0; i < SAMPLES; i++) {
      bits[i] =
          Float.floatToRawIntBits(weights.getFloat((weights.length() - 1) * i / (SAMPLES - 1)));
    }
    return bits;
  }

  int instructionSet() {
    return instructionSet;
  }

  /** Whether they are for the way back. */
  boolean isBack() {
    return back;
  }

  long[] shape() {
    return shape;
  }

  /** Valid as long as this is reachable. */
  long address() {
    return DenseFloats.address(memory);
  }
}
