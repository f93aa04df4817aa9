package io.dropblock.op;

import java.util.Random;

/** A random setting of the op; square and rectangular blocks, even and odd, any shape of map. */
record RandomCase(
    MaskKey key, BlockGeometry geometry, MaskSettings settings, int samples, int channels) {
  private static final double[] KEEPS = {0, .05, .3, .5, .75, .9, .975, .999, 1};

  static final String LAYER = "layer";

  static RandomCase next(Random random) {
    // now and then a grid beyond the horizon of a gap
    int longest = random.nextInt(8) == 0 ? 80 : 18;
    int height = 1 + random.nextInt(longest);
    int width = random.nextInt(3) == 0 ? height : 1 + random.nextInt(longest);
    int block = 1 + random.nextInt(20);
    int blockWidth = random.nextBoolean() ? block : 1 + random.nextInt(20);
    return new RandomCase(
        new MaskKey(
            random.nextLong(),
            MaskKey.layer(LAYER),
            random.nextInt() & 0xFFFFFFFFL,
            random.nextInt(1000)),
        BlockGeometry.clipped(height, width, block, blockWidth),
        new MaskSettings(
            random.nextBoolean() ? random.nextDouble() : KEEPS[random.nextInt(KEEPS.length)],
            random.nextBoolean(),
            random.nextInt(3) == 0,
            Normalization.values()[random.nextInt(3)]),
        1 + random.nextInt(5),
        1 + random.nextInt(9));
  }

  DropMask sample(DropBlockKernel kernel) {
    return kernel.sample(key, geometry, settings, samples, channels);
  }

  long[] shape() {
    return new long[] {samples, channels, geometry.height(), geometry.width()};
  }
}
