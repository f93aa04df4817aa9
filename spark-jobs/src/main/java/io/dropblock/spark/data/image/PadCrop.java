package io.dropblock.spark.data.image;

import java.nio.FloatBuffer;
import java.util.Locale;
import java.util.random.RandomGenerator;

/**
 * The augmentation for CIFAR of He, Zhang, Ren, Sun (Deep Residual Learning, CVPR 2016, 4.2): pad
 * each side, cut out a square at a uniformly random place, mirror half of them.
 *
 * <p>Padding is 0 <b>after</b> normalisation, that is, the mean colour: He et al. subtract the mean
 * first and pad then. (torchvision's usual recipe pads black before it normalises.) Random numbers
 * are drawn in the order y, x, mirror. Nothing is scaled, so an image of another size is refused:
 * of a photograph a corner would be left.
 *
 * @param size side of the square, and of each image, 1 to 4096
 * @param pad pixels added on each side, 0 to {@code size}
 * @param flip whether to mirror left to right with probability 1/2
 */
public record PadCrop(int size, int pad, boolean flip) implements ImageTransform {
  /** Checks the ranges. */
  public PadCrop {
    ImageTransform.requireSize(size);
    if (pad < 0 || pad > size) {
      throw new IllegalArgumentException("Invalid pad: " + pad + " is not in 0 to " + size);
    }
  }

  /** Images as they are: what evaluates a network that was trained with padding. */
  public static PadCrop unpadded(int size) {
    return new PadCrop(size, 0, false);
  }

  @Override
  public void apply(
      Image image,
      RandomGenerator random,
      Normalization normalization,
      FloatBuffer out,
      int offset) {
    if (image.width() != size || image.height() != size) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "it has %d x %d pixels, not %d x %d as pad-crop takes",
              image.width(),
              image.height(),
              size,
              size));
    }
    int top = pad == 0 ? 0 : random.nextInt(2 * pad + 1) - pad;
    int left = pad == 0 ? 0 : random.nextInt(2 * pad + 1) - pad;
    boolean mirror = flip && random.nextBoolean();
    float[] line = new float[size];
    for (int channel = 0; channel < 3; channel++) {
      float mean = normalization.mean().get(channel);
      float scale = 1 / normalization.std().get(channel);
      for (int y = 0; y < size; y++) {
        int sourceY = top + y;
        boolean empty = sourceY < 0 || sourceY >= image.height();
        for (int x = 0; x < size; x++) {
          int sourceX = left + (mirror ? size - 1 - x : x);
          boolean inside = !empty && sourceX >= 0 && sourceX < image.width();
          line[x] = inside ? (image.value(sourceX, sourceY, channel) - mean) * scale : 0;
        }
        out.put(offset + (channel * size + y) * size, line);
      }
    }
  }
}
