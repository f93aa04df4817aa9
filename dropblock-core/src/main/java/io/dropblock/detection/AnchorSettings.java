package io.dropblock.detection;

import java.io.Serializable;
import java.util.List;
import java.util.Locale;

/**
 * Which anchors every position of a level has: each of some sizes in each of some aspects.
 *
 * @param scale side of the smallest square anchor of a level, in strides of that level; above 0
 * @param octaves sizes between a level and the next, {@code 2^(i / octaves)} of the smallest, at
 *     least 1
 * @param aspects width and height as multiples of a size, at least one
 */
public record AnchorSettings(double scale, int octaves, List<Aspect> aspects)
    implements Serializable {

  /** Those of {@code tensorflow/tpu: models/official/retinanet/anchors.py}: nine a position. */
  public static final AnchorSettings REFERENCE =
      new AnchorSettings(4, 3, List.of(new Aspect(1, 1), new Aspect(1.4, .7), new Aspect(.7, 1.4)));

  /**
   * A shape of anchors.
   *
   * @param width as a multiple of the size, above 0
   * @param height as a multiple of the size, above 0
   */
  public record Aspect(double width, double height) implements Serializable {
    /** Checks the ranges. */
    public Aspect {
      if (!(width > 0 && width < Double.POSITIVE_INFINITY)
          || !(height > 0 && height < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException(
            String.format(Locale.ROOT, "Invalid aspect of anchors: %s x %s", width, height));
      }
    }
  }

  /** Checks the ranges. */
  public AnchorSettings {
    aspects = List.copyOf(aspects);
    if (!(scale > 0 && scale < Double.POSITIVE_INFINITY) || octaves < 1 || aspects.isEmpty()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Invalid anchors: scale %s, %d octaves, aspects %s",
              scale,
              octaves,
              aspects));
    }
  }

  /** Anchors of a position. */
  public int perPosition() {
    return octaves * aspects.size();
  }
}
