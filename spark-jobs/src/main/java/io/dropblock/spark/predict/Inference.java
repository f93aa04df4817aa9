package io.dropblock.spark.predict;

import io.dropblock.spark.data.image.BrokenImageException;
import io.dropblock.spark.data.image.Normalization;
import java.io.Serializable;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Optional;
import org.apache.parquet.schema.Type;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * How a network of one task is asked: from encoded images to what it takes, from what it puts out
 * to predictions. Plain data, which the driver sends to the tasks.
 */
public interface Inference extends Serializable {
  /** Side of the square that the network takes, pixels. */
  int size();

  /** Of the pixels that it takes. */
  Normalization normalization();

  /** What a row has beside the image's name and why it is broken; all may be missing. */
  List<Type> columns();

  /** What its predictions can be written as, the usual one first. */
  default List<PredictionFormat> formats() {
    return List.of(new TableFormat());
  }

  /**
   * Starts a batch.
   *
   * @param images most images of it
   */
  Samples start(int images);

  /** The images of a batch. */
  interface Samples {
    /**
     * Decodes an image. May be called by several threads for different images.
     *
     * @param image place in the batch, from 0
     * @param pixels receives {@code 3 * size * size} floats from {@code offset} on
     * @throws BrokenImageException where it is none
     * @throws IllegalArgumentException where the network takes none of that size
     */
    void decode(int image, byte[] encoded, FloatBuffer pixels, int offset)
        throws BrokenImageException;

    /**
     * What the network says of the images.
     *
     * @param outputs of the network in inference
     * @return of each place in the batch; empty where an output is not finite. Of places where
     *     nothing was decoded they mean nothing
     */
    List<Optional<Prediction>> read(INDArray[] outputs);
  }
}
