package io.dropblock.bench.step.workload;

import io.dropblock.bench.figure.TensorShape;
import io.dropblock.nn.FloatArrays;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;

/**
 * Batches of noise, deviation 1 as of normalised images, with labels of their own: a few, made
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
  private final List<List<LabelArray>> labels;
  private int next;

  SyntheticBatches(StepModel model, TensorShape shape, long seed) {
    this.shape = shape;
    pixels = new FloatBuffer[BATCHES];
    labels = new ArrayList<>();
    SyntheticLabels drawn = model.labels(shape);
    Random random = new Random(seed);
    for (int batch = 0; batch < BATCHES; batch++) {
      pixels[batch] =
          ByteBuffer.allocateDirect(Float.BYTES * shape.elements())
              .order(ByteOrder.nativeOrder())
              .asFloatBuffer();
      for (int i = 0; i < shape.elements(); i++) {
        pixels[batch].put(i, (float) random.nextGaussian());
      }
      labels.add(drawn.draw(random));
    }
  }

  /** The next batch's images and labels. */
  MultiDataSet nextPair() {
    INDArray[] expected = labels.get(next).stream().map(LabelArray::array).toArray(INDArray[]::new);
    return new MultiDataSet(new INDArray[] {nextImages()}, expected);
  }

  /** The next batch's images; not to be changed. */
  INDArray nextImages() {
    FloatBuffer values = pixels[next];
    next = (next + 1) % BATCHES;
    return FloatArrays.over(
        values, shape.samples(), shape.channels(), shape.height(), shape.width());
  }
}
