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
  /** Below this many pixels or elements, waking threads costs more than it gives. */
  private static final int WORTH_THREADS = 1 << 16;

  private final Workers workers;
  private final int instructionSet;

  /**
   * A kernel with the best instructions that the processor has.
   *
   * @param threads threads to use, the caller's included, at least 1
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
    workers = new Workers(threads);
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
    int mapsPerSample = mask.mapsPerSample();
    share(
        (long) samples * mapsPerSample,
        mapsPerSample,
        geometry.pixels(),
        (sample, first, end) ->
            mask.addDropped(
                sample, draw(mask, key, gaps, sample, (int) first, (int) (end - first))));
    return mask;
  }

  private long draw(
      DropMask mask, MaskKey key, GapTable gaps, int sample, int firstChannel, int channels) {
    BlockGeometry geometry = mask.geometry();
    return NativeOp.sample(
        instructionSet,
        mask.words(),
        (sample * mask.mapsPerSample() + firstChannel) * mask.wordsPerMap(),
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
        (int) (key.firstSample() + sample),
        firstChannel,
        channels);
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
    boolean doubles = output.dataType() == DataType.DOUBLE;
    boolean shared = mask.settings().sharedChannels();
    int pixels = mask.geometry().pixels();
    long sampleBytes = (long) mask.channels() * pixels * output.dataType().width();
    long from = Tensors.address(input);
    long to = Tensors.address(output);
    int maskWords = mask.mapsPerSample() * mask.wordsPerMap();
    long units = (long) mask.wordsPerMap() * (channelsLast ? 1 : mask.channels());
    share(
        mask.samples() * units,
        units,
        (channelsLast ? mask.channels() : 1) * Long.SIZE,
        (sample, first, end) -> {
          boolean wholeSample = channelsLast || shared;
          NativeOp.multiply(
              instructionSet,
              doubles,
              channelsLast,
              to + sample * sampleBytes,
              from + sample * sampleBytes,
              mask.words(),
              sample * maskWords + (wholeSample ? 0 : (int) first),
              wholeSample ? maskWords : (int) (end - first),
              pixels,
              mask.channels(),
              shared,
              first,
              end,
              factors[sample]);
        });
    // ND4J frees an array's memory once the array is unreachable, raw addresses or not
    Reference.reachabilityFence(input);
    Reference.reachabilityFence(output);
  }

  /** A range of the units of one sample. */
  @FunctionalInterface
  private interface Work {
    void run(int sample, long first, long end);
  }

  /** Shares units of work among the threads, in ranges that lie within one sample. */
  private void share(long units, long unitsPerSample, long unitElements, Work work) {
    int parts = units * unitElements < WORTH_THREADS ? 1 : workers.parts();
    workers.run(
        parts,
        part -> {
          long end = units * (part + 1) / parts;
          for (long unit = units * part / parts; unit < end; ) {
            int sample = (int) (unit / unitsPerSample);
            long sampleStart = sample * unitsPerSample;
            long sampleEnd = Math.min(end, sampleStart + unitsPerSample);
            work.run(sample, unit - sampleStart, sampleEnd - sampleStart);
            unit = sampleEnd;
          }
        });
  }
}
