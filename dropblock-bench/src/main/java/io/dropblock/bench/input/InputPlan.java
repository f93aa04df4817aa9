package io.dropblock.bench.input;

import io.dropblock.spark.data.image.RandomResizedCrop;
import io.dropblock.spark.data.image.Resampling;
import java.util.Locale;

/**
 * What is measured.
 *
 * @param data folder of a prepared data set with images to train on
 * @param size side of the crops, 1 to 4096 pixels
 * @param threads that read, decode and augment, 1 to 256
 * @param batch images of a batch, 1 or more
 * @param scaledDecoding whether large crops are decoded at a half to an eighth of their size
 * @param pace how long
 */
public record InputPlan(
    String data, int size, int threads, int batch, boolean scaledDecoding, InputPace pace) {
  /**
   * @throws IllegalArgumentException if a number is out of its range
   */
  public InputPlan {
    requireBetween("size", size, 4096);
    requireBetween("number of threads", threads, 256);
    requireBetween("batch", batch, 4096);
  }

  private static void requireBetween(String what, int value, int most) {
    if (value < 1 || value > most) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "Invalid %s: %d is not one from 1 to %d", what, value, most));
    }
  }

  RandomResizedCrop transform() {
    return new RandomResizedCrop(size, true, Resampling.BICUBIC, scaledDecoding);
  }
}
