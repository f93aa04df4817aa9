package io.dropblock.spark.bench.step;

import io.dropblock.nn.FloatArrays;
import io.dropblock.spark.bench.TensorShape;
import java.util.Random;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;

/**
 * Batches of noise, deviation 1 as of normalised images, with random labels: a few, made
 * beforehand, again and again. As from the feed, a batch comes from arrays on the heap and goes to
 * new ones outside it.
 */
final class SyntheticBatches {
  /** Red, green and blue. */
  static final int CHANNELS = 3;

  /** Number of different batches. */
  static final int BATCHES = 2;

  private final TensorShape shape;
  private final int classes;
  private final float[][] pixels;
  private final int[][] labels;
  private int next;

  SyntheticBatches(TensorShape shape, int classes, long seed) {
    this.shape = shape;
    this.classes = classes;
    pixels = new float[BATCHES][shape.elements()];
    labels = new int[BATCHES][shape.samples()];
    Random random = new Random(seed);
    for (int batch = 0; batch < BATCHES; batch++) {
      for (int i = 0; i < pixels[batch].length; i++) {
        pixels[batch][i] = (float) random.nextGaussian();
      }
      for (int i = 0; i < labels[batch].length; i++) {
        labels[batch][i] = random.nextInt(classes);
      }
    }
  }

  /** The next batch's images and one-hot labels. */
  MultiDataSet nextPair() {
    float[] oneHot = new float[shape.samples() * classes];
    for (int sample = 0; sample < shape.samples(); sample++) {
      oneHot[sample * classes + labels[next][sample]] = 1;
    }
    INDArray expected = FloatArrays.of(oneHot, shape.samples(), classes);
    return new MultiDataSet(nextImages(null), expected);
  }

  /**
   * The next batch's images.
   *
   * @param used an array of this that is done with, as evaluation has one, or null
   */
  INDArray nextImages(INDArray used) {
    float[] values = pixels[next];
    next = (next + 1) % BATCHES;
    return FloatArrays.of(
        used, values, shape.samples(), shape.channels(), shape.height(), shape.width());
  }
}
