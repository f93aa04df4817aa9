package io.dropblock.op;

import java.io.File;
import java.io.IOException;
import org.bytedeco.javacpp.Loader;

/**
 * The loops of {@link CpuKernel} in C, {@code src/main/native}, for Linux on x86-64: what {@link
 * ReferenceKernel} defines, at the speed of memory, which Java 17 cannot reach outside its heap.
 *
 * <p>The library travels in the jar and is unpacked to JavaCPP's cache, where ND4J's own are.
 */
final class NativeOp {
  private static final String LIBRARY = "linux-x86_64/libdropblock.so";
  private static final String PROBLEM = load();

  private NativeOp() {}

  private static String load() {
    String platform = Loader.Detector.getPlatform();
    if (!LIBRARY.startsWith(platform + "/")) {
      return "there is no native library for " + platform;
    }
    try {
      File library = Loader.cacheResource(NativeOp.class, LIBRARY);
      if (library == null) {
        return LIBRARY + " is not in the jar";
      }
      System.load(library.getAbsolutePath());
      return null;
    } catch (IOException | UnsatisfiedLinkError e) {
      return e.getMessage();
    }
  }

  /** Why the methods cannot be called; null if they can. */
  static String problem() {
    return PROBLEM;
  }

  /** The SHA-256 of the sources that the library was made of: build.sh. */
  static native String source();

  /**
   * How many of the instruction sets this processor has, each of which holds those before: 0 what
   * every x86-64 has, 1 AVX2, 2 AVX-512.
   */
  static native int instructionSets();

  /**
   * Draws the blocks of some channels of one sample.
   *
   * @param instructionSet below {@link #instructionSets()}
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
