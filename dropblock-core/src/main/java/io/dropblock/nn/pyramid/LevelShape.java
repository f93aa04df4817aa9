package io.dropblock.nn.pyramid;

import java.util.Locale;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;

/** The maps of one level, {@code [n, height, width, channels]}. */
record LevelShape(long height, long width, long channels) {

  /**
   * @throws IllegalStateException if it is not maps with the channels last
   */
  static LevelShape of(InputType type, String kind) {
    if (!(type instanceof InputType.InputTypeConvolutional maps)
        || maps.getFormat() != CNN2DFormat.NHWC) {
      throw new IllegalStateException(
          String.format(
              Locale.ROOT,
              "Cannot apply %s: its input is %s, maps with the channels last are needed",
              kind,
              type));
    }
    return new LevelShape(maps.getHeight(), maps.getWidth(), maps.getChannels());
  }

  long positions() {
    return height * width;
  }

  /**
   * @throws IllegalStateException if these maps cannot be upsampled to those
   */
  void requireUpsampling(Upsampling by, LevelShape fine) {
    if (channels != fine.channels || !by.fits(height, fine.height) || !by.fits(width, fine.width)) {
      throw new IllegalStateException(
          String.format(
              Locale.ROOT,
              "Cannot upsample maps of %s to %s: they do not fit, %s is needed",
              this,
              fine,
              by == Upsampling.NEAREST ? "twice the size" : "no smaller size"));
    }
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%dx%dx%d", height, width, channels);
  }
}
