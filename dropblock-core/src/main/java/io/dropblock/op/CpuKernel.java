package io.dropblock.op;

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

  /**
   * @param threads threads to use, the caller's included, at least 1
   * @throws IllegalArgumentException if it is below 1
   */
  public CpuKernel(int threads) {
    workers = new Workers(threads);
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
    int maps = samples * mask.mapsPerSample();
    int parts = Math.min(maps, parts((long) maps * geometry.pixels()));
    workers.run(
        parts,
        part ->
            new MapSampler(mask, key, gaps)
                .draw(cut(maps, part, parts), cut(maps, part + 1, parts)));
    return mask;
  }

  private int parts(long pixels) {
    return pixels < WORTH_THREADS ? 1 : workers.parts();
  }

  private static int cut(long size, int part, int parts) {
    return (int) (size * part / parts);
  }

  @Override
  public void apply(DropMask mask, INDArray input, INDArray output) {
    Tensors.requireFitting(mask, input, output);
    boolean channelsLast = !Tensors.isChannelsFirst(output) && Tensors.isChannelsLast(output);
    if (output.dataType() != DataType.FLOAT && output.dataType() != DataType.DOUBLE) {
      applyToCopy(mask, input, output, DataType.FLOAT);
    } else if (!channelsLast && !Tensors.isChannelsFirst(output)) {
      applyToCopy(mask, input, output, output.dataType());
    } else {
      boolean sameOrder =
          channelsLast ? Tensors.isChannelsLast(input) : Tensors.isChannelsFirst(input);
      if (!sameOrder) {
        output.assign(input);
      }
      double[] factors = Tensors.factors(mask, output.dataType());
      multiply(new MaskProduct(mask, factors, channelsLast), sameOrder ? input : output, output);
    }
  }

  private void applyToCopy(DropMask mask, INDArray input, INDArray output, DataType type) {
    INDArray copy = Nd4j.createUninitializedDetached(type, 'c', input.shape());
    copy.assign(input);
    double[] factors = Tensors.factors(mask, output.dataType());
    multiply(new MaskProduct(mask, factors, false), copy, copy);
    output.assign(copy);
    copy.close();
  }

  private void multiply(MaskProduct product, INDArray input, INDArray output) {
    boolean inPlace = Tensors.address(input) == Tensors.address(output);
    long units = product.units();
    int parts = (int) Math.min(units, parts(output.length()));
    workers.run(
        parts,
        part ->
            product.apply(
                inPlace ? null : Elements.of(input),
                Elements.of(output),
                units * part / parts,
                units * (part + 1) / parts));
    // ND4J frees an array's memory once the array is unreachable, raw views or not
    Reference.reachabilityFence(input);
    Reference.reachabilityFence(output);
  }
}
