package io.dropblock.spark.predict;

import io.dropblock.metric.coco.FoundObjects;
import io.dropblock.spark.data.annotation.ObjectSet;
import io.dropblock.spark.data.feed.ObjectTargets;
import io.dropblock.spark.data.image.BrokenImageException;
import io.dropblock.spark.data.image.DetectionTransform;
import io.dropblock.spark.data.image.ImageDecoder;
import io.dropblock.spark.data.image.Normalization;
import io.dropblock.spark.data.image.PlacedImage;
import io.dropblock.spark.data.image.PlacedObjects;
import io.dropblock.spark.objective.Detection;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Type.Repetition;
import org.apache.parquet.schema.Types;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Objects with boxes.
 *
 * @param transform from an image of any size to a square, without chance
 * @param normalization of its pixels
 * @param objective finds objects in what the network puts out
 * @param classes their names by number
 * @param categories their ids by number, as results in COCO's format have them
 */
public record DetectionInference(
    DetectionTransform transform,
    Normalization normalization,
    Detection objective,
    List<String> classes,
    List<Integer> categories)
    implements Inference {
  private static final ObjectSet NOTHING_KNOWN = new ObjectSet(0, List.of());
  private static final PlacedObjects NO_IMAGE =
      new PlacedObjects(0, 1, 1, 1, 1, new float[0], new int[0]);

  /** Copies the names and ids. */
  public DetectionInference {
    classes = List.copyOf(classes);
    categories = List.copyOf(categories);
  }

  @Override
  public int size() {
    return transform.size();
  }

  @Override
  public List<Type> columns() {
    Type object =
        Types.requiredGroup()
            .addFields(NamedClass.columns(Repetition.REQUIRED).toArray(Type[]::new))
            .required(PrimitiveTypeName.FLOAT)
            .named("score")
            .required(PrimitiveTypeName.FLOAT)
            .named("x")
            .required(PrimitiveTypeName.FLOAT)
            .named("y")
            .required(PrimitiveTypeName.FLOAT)
            .named("width")
            .required(PrimitiveTypeName.FLOAT)
            .named("height")
            .named("element");
    return List.of(
        Types.optional(PrimitiveTypeName.INT32).named("width"),
        Types.optional(PrimitiveTypeName.INT32).named("height"),
        Types.optionalList().element(object).named("objects"));
  }

  @Override
  public List<PredictionFormat> formats() {
    return List.of(new TableFormat(), new DetectionFormat(categories));
  }

  @Override
  public Samples start(int images) {
    PlacedObjects[] placed = new PlacedObjects[images];
    Arrays.fill(placed, NO_IMAGE);
    return new Samples() {
      @Override
      public void decode(int image, byte[] encoded, FloatBuffer pixels, int offset)
          throws BrokenImageException {
        placed[image] =
            transform.apply(
                ImageDecoder.decode(encoded), NOTHING_KNOWN, null, normalization, pixels, offset);
      }

      @Override
      public List<Optional<Prediction>> read(INDArray[] outputs) {
        int asked = (int) outputs[0].size(0);
        List<PlacedObjects> all = List.of(placed).subList(0, asked);
        List<Optional<FoundObjects>> found =
            objective.found(
                outputs,
                new ObjectTargets(all, Collections.nCopies(asked, NOTHING_KNOWN), List.of()));
        List<Optional<Prediction>> said = new ArrayList<>();
        for (int i = 0; i < asked; i++) {
          PlacedImage image = image(all.get(i));
          said.add(found.get(i).map(it -> new DetectionPrediction(image, it, classes)));
        }
        return said;
      }
    };
  }

  private PlacedImage image(PlacedObjects placed) {
    return new PlacedImage(
        placed.width(),
        placed.height(),
        covered(placed.width() * placed.scaleX()),
        covered(placed.height() * placed.scaleY()));
  }

  private int covered(double pixels) {
    return Math.max(1, Math.min(size(), (int) Math.round(pixels)));
  }
}
