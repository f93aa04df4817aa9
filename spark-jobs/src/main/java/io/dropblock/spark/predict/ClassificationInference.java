package io.dropblock.spark.predict;

import io.dropblock.spark.data.image.BrokenImageException;
import io.dropblock.spark.data.image.ImageTransform;
import io.dropblock.spark.data.image.Normalization;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Type.Repetition;
import org.apache.parquet.schema.Types;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * One class an image.
 *
 * @param transform from an image of any size to what the network takes, without chance
 * @param normalization of its pixels
 * @param classes their names by number
 * @param top how many classes are told, the most probable ones; at least 1
 */
public record ClassificationInference(
    ImageTransform transform, Normalization normalization, List<String> classes, int top)
    implements Inference {
  /** Copies the names. */
  public ClassificationInference {
    classes = List.copyOf(classes);
    if (top < 1) {
      throw new IllegalArgumentException("Invalid top: " + top + " is not at least 1");
    }
  }

  @Override
  public int size() {
    return transform.size();
  }

  @Override
  public List<Type> columns() {
    Type ofClass =
        Types.requiredGroup()
            .addFields(NamedClass.columns(Repetition.REQUIRED).toArray(Type[]::new))
            .required(PrimitiveTypeName.FLOAT)
            .named("probability")
            .named("element");
    List<Type> columns = new ArrayList<>(NamedClass.columns(Repetition.OPTIONAL));
    columns.add(Types.optional(PrimitiveTypeName.FLOAT).named("probability"));
    columns.add(Types.optionalList().element(ofClass).named("top"));
    return columns;
  }

  @Override
  public Samples start(int images) {
    return new Samples() {
      @Override
      public void decode(int image, byte[] encoded, FloatBuffer pixels, int offset)
          throws BrokenImageException {
        transform.decodeAndApply(encoded, new SplittableRandom(0), normalization, pixels, offset);
      }

      @Override
      public List<Optional<Prediction>> read(INDArray[] outputs) {
        List<Optional<Prediction>> said = new ArrayList<>();
        for (float[] probabilities : outputs[0].toFloatMatrix()) {
          said.add(isFinite(probabilities) ? Optional.of(of(probabilities)) : Optional.empty());
        }
        return said;
      }
    };
  }

  private static boolean isFinite(float[] probabilities) {
    for (float probability : probabilities) {
      if (!Float.isFinite(probability)) {
        return false;
      }
    }
    return true;
  }

  /** Of classes that are equally probable the first. */
  private ClassificationPrediction of(float[] probabilities) {
    return new ClassificationPrediction(
        IntStream.range(0, probabilities.length)
            .boxed()
            .sorted(Comparator.comparingDouble((Integer label) -> -probabilities[label]))
            .limit(top)
            .map(
                label ->
                    new ClassificationPrediction.Said(
                        label, classes.get(label), probabilities[label]))
            .toList());
  }
}
