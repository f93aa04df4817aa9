package io.dropblock.op;

import io.dropblock.cpu.NativeLibrary;
import java.lang.ref.Reference;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The op on main memory, at about the speed of memory, on a given number of threads.
 *
 * <p>Fast for float and double arrays that are dense in channels-first ({@code [n, c, h, w]}, order
 * 'c') or channels-last memory; both arrays in the same order. Others are copied: right, not fast.
 * Half types are multiplied as floats and rounded once, which is what ND4J does.
 */
public final class CpuKernel implements DropBlockKernel {
  private final int threads;
  private final int instructionSet;

  /**
   * A kernel with the best instructions that the processor has.
   *
   * @param threads threads to use, the caller's included, at least 1: OpenMP's, as ND4J's own are
   * @throws IllegalArgumentException if it is below 1
   * @throws IllegalStateException if the native library cannot be loaded here
   */
  public CpuKernel(int threads) {
    this(threads, bestInstructions());
  }

  /**
   * @param instructionSet below {@link NativeLibrary#instructionSets()}
   */
  CpuKernel(int threads, int instructionSet) {
    if (threads < 1) {
      throw new IllegalArgumentException("Invalid number of threads: " + threads);
    }
    this.threads = threads;
    this.instructionSet = instructionSet;
  }

  private static int bestInstructions() {
    if (NativeLibrary.problem() != null) {
      throw new IllegalStateException("Cannot make a CpuKernel: " + NativeLibrary.problem());
    }
    return NativeLibrary.bestInstructionSet();
  }

  @Override
  public DropMask sample(
      MaskKey key, BlockGeometry geometry, MaskSettings settings, int samples, int channels) {
    DropMask mask = new DropMask(settings, samples, channels, geometry);
    double gamma = settings.gamma(geometry);
    if (1 - gamma == 1) {
      return mask; // no block, whatever the random numbers
    }
    GapTable gaps = new GapTable(gamma, geometry.starts());
    NativeOp.sample(
        instructionSet,
        threads,
        mask.words(),
        mask.dropped(),
        samples,
        mask.mapsPerSample(),
        geometry.height(),
        geometry.width(),
        geometry.blockHeight(),
        geometry.blockWidth(),
        gaps.table(),
        gaps.guide(),
        gaps.guideShift(),
        gaps.guideSteps(),
        key.philoxKey(),
        (int) key.step(),
        (int) key.firstSample());
    return mask;
  }

  @Override
  public void apply(DropMask mask, INDArray input, INDArray output) {
    Tensors.requireFitting(mask, input, output);
    MapOrder order = MapOrder.of(output);
    if (output.dataType() != DataType.FLOAT && output.dataType() != DataType.DOUBLE) {
      applyToCopy(mask, input, output, DataType.FLOAT);
    } else if (order == null) {
      applyToCopy(mask, input, output, output.dataType());
    } else {
      boolean sameOrder = order.isOf(input);
      if (!sameOrder) {
        output.assign(input);
      }
      double[] factors = Tensors.factors(mask, output.dataType());
      boolean channelsLast = order == MapOrder.CHANNELS_LAST;
      multiply(mask, factors, channelsLast, sameOrder ? input : output, output);
    }
  }

  private void applyToCopy(DropMask mask, INDArray input, INDArray output, DataType type) {
    INDArray copy = Nd4j.createUninitializedDetached(type, 'c', input.shape());
    copy.assign(input);
    multiply(mask, Tensors.factors(mask, output.dataType()), false, copy, copy);
    output.assign(copy);
    copy.close();
  }

  private void multiply(
      DropMask mask, double[] factors, boolean channelsLast, INDArray input, INDArray output) {
    NativeOp.multiply(
        instructionSet,
        threads,
        output.dataType() == DataType.DOUBLE,
        channelsLast,
        Tensors.address(output),
        Tensors.address(input),
        mask.words(),
        mask.samples(),
        mask.geometry().pixels(),
        mask.channels(),
        mask.settings().sharedChannels(),
        factors);
    // ND4J frees an array's memory once the array is unreachable, raw addresses or not
    Reference.reachabilityFence(input);
    Reference.reachabilityFence(output);
  }
}
