package io.dropblock.spark.predict;

import io.dropblock.nn.pyramid.LabelMaps;
import io.dropblock.spark.data.image.BrokenImageException;
import io.dropblock.spark.data.image.ImageDecoder;
import io.dropblock.spark.data.image.Normalization;
import io.dropblock.spark.data.image.PlacedImage;
import io.dropblock.spark.data.image.SegmentationTransform;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Types;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.BooleanIndexing;
import org.nd4j.linalg.indexing.conditions.Conditions;

/**
 * One class a pixel.
 *
 * @param transform from an image of any size to a square, without chance
 * @param normalization of its pixels
 * @param classes their names by number
 */
public record LabelMapInference(
    SegmentationTransform transform, Normalization normalization, List<String> classes)
    implements Inference {
  /** Copies the names. */
  public LabelMapInference {
    classes = List.copyOf(classes);
  }

  @Override
  public int size() {
    return transform.size();
  }

  @Override
  public List<Type> columns() {
    return List.of(
        Types.optional(PrimitiveTypeName.INT32).named("width"),
        Types.optional(PrimitiveTypeName.INT32).named("height"),
        Types.optional(PrimitiveTypeName.BINARY).named("labels"));
  }

  @Override
  public List<PredictionFormat> formats() {
    return List.of(new TableFormat(), new LabelMapFormat());
  }

  @Override
  public Samples start(int images) {
    PlacedImage[] placed = new PlacedImage[images];
    return new Samples() {
      @Override
      public void decode(int image, byte[] encoded, FloatBuffer pixels, int offset)
          throws BrokenImageException {
        placed[image] =
            transform.apply(ImageDecoder.decode(encoded), normalization, pixels, offset);
      }

      @Override
      public List<Optional<Prediction>> read(INDArray[] outputs) {
        List<Optional<Prediction>> said = new ArrayList<>();
        for (int i = 0; i < outputs[0].size(0); i++) {
          INDArray logits = outputs[0].slice(i);
          said.add(
              placed[i] == null || BooleanIndexing.or(logits, Conditions.notFinite())
                  ? Optional.empty()
                  : Optional.of(labels(logits, placed[i])));
        }
        return said;
      }
    };
  }

  private LabelMapPrediction labels(INDArray logits, PlacedImage image) {
    long[] shape = logits.shape();
    byte[] square =
        LabelMaps.argMax(logits.reshape(1, shape[0], shape[1], shape[2]), size(), size());
    return new LabelMapPrediction(image, image.stored(square, size()), classes);
  }
}
