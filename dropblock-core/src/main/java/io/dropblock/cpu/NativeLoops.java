package io.dropblock.cpu;

/**
 * The native methods. Addresses are those of dense floats; nothing is checked here.
 *
 * @see NormLoops
 * @see SumLoops
 * @see ConvolutionLoops
 * @see DepthwiseLoops
 * @see MomentumLoops
 * @see ChannelsLastLoop
 * @see UpsampleLoops
 * @see DoublingLoops
 * @see FocalLoops
 */
final class NativeLoops {
  private NativeLoops() {}

  static native void normForward(
      int instructionSet,
      int threads,
      boolean channelsLast,
      long y,
      long x,
      long samples,
      long channels,
      long pixels,
      long gamma,
      long beta,
      long mean,
      long variance,
      float epsilon,
      boolean relu,
      boolean training);

  static native void normBackward(
      int instructionSet,
      int threads,
      boolean channelsLast,
      long dx,
      long dy,
      long x,
      long samples,
      long channels,
      long pixels,
      long gamma,
      long beta,
      long mean,
      long variance,
      float epsilon,
      boolean relu,
      long dGamma,
      long dBeta);

  static native void normUpdates(
      long channels,
      long mean,
      long variance,
      long movingMean,
      long movingLogDeviation,
      double decay,
      long dMean,
      long dLogDeviation);

  static native void sumForward(
      int instructionSet, int threads, long y, long a, long b, long length);

  static native void sumBackward(
      int instructionSet, int threads, long dx, long dy, long y, long length);

  static native void channelsLast(
      int threads, long y, long x, long samples, long channels, long pixels);

  static native long convolutionPacked(int instructionSet, int[] geometry, boolean back);

  static native void convolutionPack(
      int instructionSet, int[] geometry, boolean back, long packed, long w);

  static native void convolutionForward(
      int instructionSet,
      int[] geometry,
      long y,
      long x,
      long w,
      boolean isPacked,
      long bias,
      long added,
      boolean relu);

  static native void convolutionBackward(
      int instructionSet,
      int[] geometry,
      long dx,
      long dw,
      long dBias,
      long dy,
      long x,
      long w,
      boolean isPacked);

  static native void depthwiseForward(int instructionSet, int[] geometry, long y, long x, long w);

  static native void depthwiseBackward(
      int instructionSet, int[] geometry, long dx, long dw, long dy, long x, long w);

  static native void upsampleForward(
      int instructionSet, int[] geometry, long y, long x, long added);

  static native void upsampleBackward(int instructionSet, int[] geometry, long dx, long dy);

  static native void argMax(int instructionSet, int[] geometry, byte[] labels, long x);

  static native void doublingForward(
      int threads, long rows, long width, long channels, long y, long x, long added);

  static native void doublingBackward(
      int threads, long rows, long width, long channels, long dx, long dy);

  static native double focal(
      int instructionSet,
      int threads,
      long gradient,
      long logits,
      int[] labels,
      int classes,
      int halves,
      float alpha,
      float scale);

  static native void momentumUpdate(
      int threads,
      long[] pieces,
      float[] decays,
      float scale,
      float rate,
      float momentum,
      boolean nesterov,
      long gradient,
      long velocity,
      long parameters);
}
