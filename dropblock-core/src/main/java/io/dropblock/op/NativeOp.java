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
   * Draws the blocks of some channels of one sample.
   *
   * @param instructionSet below {@link io.dropblock.cpu.NativeLibrary#instructionSets()}
   * @param mask gets the words drawn, from {@code firstWord} on
   * @param step unsigned, and so is {@code sample}, of the global batch
   * @return the number of pixels dropped
   */
  static native long sample(
      int instructionSet,
      long[] mask,
      int firstWord,
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
      int sample,
      int firstChannel,
      int channels);

  /**
   * Multiplies elements of one sample by {@code factor} where they are kept, by 0 where dropped.
   *
   * @param output the address of the sample's first element; the same as {@code input}, or memory
   *     of its own
   * @param firstWord where the words to be read begin: those of the sample where {@code
   *     channelsLast} or {@code shared}, else from word {@code first} of the sample on
   * @param first the first word to work on: of a map where {@code channelsLast}, all channels, else
   *     of all maps in a row
   * @param end the word after the last
   */
  static native void multiply(
      int instructionSet,
      boolean doubles,
      boolean channelsLast,
      long output,
      long input,
      long[] mask,
      int firstWord,
      int wordCount,
      int pixels,
      int channels,
      boolean shared,
      long first,
      long end,
      double factor);
}
