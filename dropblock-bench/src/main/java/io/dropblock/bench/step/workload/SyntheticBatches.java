package io.dropblock.bench.step.workload;

import io.dropblock.bench.figure.TensorShape;
import io.dropblock.nn.FloatArrays;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Random;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;

/**
 * Batches of noise, deviation 1 as of normalised images, with random labels: a few, made
 * beforehand, again and again. As those of the feed, they lie outside the heap, where the network
 * reads them.
 */
final class SyntheticBatches {
  /** Red, green and blue. */
  static final int CHANNELS = 3;

  /** Number of different batches. */
  static final int BATCHES = 2;

  private final TensorShape shape;
  private final FloatBuffer[] pixels;
  private final long[] labelShape;
  private final float[][] labels;
  private int next;

  SyntheticBatches(StepModel model, TensorShape shape, long seed) {
    this.shape = shape;
    pixels = new FloatBuffer[BATCHES];
    labelShape = model.labels(shape);
    int numbers = Math.toIntExact(Arrays.stream(labelShape).reduce(1, Math::multiplyExact));
    labels = new float[BATCHES][numbers];
    Random random = new Random(seed);
    for (int batch = 0; batch < BATCHES; batch++) {
      pixels[batch] =
          ByteBuffer.allocateDirect(Float.BYTES * shape.elements())
              .order(ByteOrder.nativeOrder())
              .asFloatBuffer();
      for (int i = 0; i < shape.elements(); i++) {
        pixels[batch].put(i, (float) random.nextGaussian());
      }
      for (int i = 0; i < labels[batch].length; i++) {
        labels[batch][i] = random.nextInt(model.classes());
      }
    }
  }

  /** The next batch's images and class numbers. */
  MultiDataSet nextPair() {
    INDArray expected = FloatArrays.of(labels[next], labelShape);
    return new MultiDataSet(nextImages(), expected);
  }

  /** The next batch's images; not to be changed. */
  INDArray nextImages() {
    FloatBuffer values = pixels[next];
    next = (next + 1) % BATCHES;
    return FloatArrays.over(
        values, shape.samples(), shape.channels(), shape.height(), shape.width());
  }
}
