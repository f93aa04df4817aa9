package io.dropblock.nn;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The two forms in which a batch normalisation keeps its moving variance: as it is, {@code var},
 * and as DL4J's {@code log10stdev}, decimal logarithm of the deviation, which networks of older
 * versions of this program have.
 */
final class MovingVariance {
  private static final String VARIANCE = "/var";
  private static final String LOGARITHM = "/log10stdev";

  /** So small that no epsilon notices it, and its logarithm is finite. */
  private static final double LEAST = 1e-20;

  private MovingVariance() {}

  /** Arrays under other names, where these have a variance in the other form: converted. */
  static Map<String, INDArray> inFormOf(Set<String> names, Map<String, INDArray> values) {
    Map<String, INDArray> converted = new LinkedHashMap<>();
    values.forEach(
        (name, array) -> {
          String other = other(name);
          if (!names.contains(name) && names.contains(other)) {
            converted.put(other, converted(array, name.endsWith(LOGARITHM)));
          } else {
            converted.put(name, array);
          }
        });
    return converted;
  }

  private static String other(String name) {
    if (name.endsWith(LOGARITHM)) {
      return name.substring(0, name.length() - LOGARITHM.length()) + VARIANCE;
    }
    return name.endsWith(VARIANCE)
        ? name.substring(0, name.length() - VARIANCE.length()) + LOGARITHM
        : name;
  }

  /** Calculated in double and rounded once. */
  private static INDArray converted(INDArray array, boolean isLogarithm) {
    double[] numbers = array.castTo(DataType.DOUBLE).dup('c').data().asDouble();
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] =
          isLogarithm ? Math.pow(10, 2 * numbers[i]) : Math.log10(Math.max(numbers[i], LEAST)) / 2;
    }
    return Nd4j.createFromArray(numbers).reshape('c', array.shape()).castTo(array.dataType());
  }
}
