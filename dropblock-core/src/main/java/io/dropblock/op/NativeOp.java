package io.dropblock.op;

/**
 * The loops of {@link CpuKernel} in C: what {@link ReferenceKernel} defines, at the speed of
 * memory, which Java 17 cannot reach outside its heap.
 *
 * @see io.dropblock.cpu.NativeLibrary
 */
final class NativeOp {
  private NativeOp() {}

  /**
   * Draws the blocks of a mask.
   *
   * @param instructionSet below {@link io.dropblock.cpu.NativeLibrary#instructionSets()}
   * @param mask gets all words
   * @param droppedOfSample gets the number of pixels dropped in the maps of each sample
   * @param channels maps of a sample
   * @param step unsigned, and so is {@code firstSample}, of the global batch
   */
  static native void sample(
      int instructionSet,
      int threads,
      long[] mask,
      long[] droppedOfSample,
      int samples,
      int channels,
      int height,
      int width,
      int blockHeight,
      int blockWidth,
      long[] gapTable,
      char[] guide,
      int guideShift,
      int guideSteps,
      long philoxKey,
      int step,
      int firstSample);

  /**
   * Multiplies the elements of each sample by its factor where they are kept, by 0 where dropped.
   *
   * @param output the address of the first element; the same as {@code input}, or memory of its own
   * @param channels of the tensor, also where they share a map
   */
  static native void multiply(
      int instructionSet,
      int threads,
      boolean doubles,
      boolean channelsLast,
      long output,
      long input,
      long[] mask,
      int samples,
      int pixels,
      int channels,
      boolean shared,
      double[] factorOfSample);
}
