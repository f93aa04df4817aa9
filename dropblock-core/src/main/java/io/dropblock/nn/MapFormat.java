package io.dropblock.nn;

import java.util.Locale;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;

/**
 * The order of the dimensions of a layer's maps. DL4J takes channels first where nobody told it
 * another; our layers refuse, since maps in the other order go through them without an error.
 */
final class MapFormat {
  private MapFormat() {}

  /**
   * The order of a layer's maps, now that its input type is known.
   *
   * @param told what the layer was told before, null for nothing
   * @throws IllegalStateException if the two differ
   */
  static CNN2DFormat of(InputType type, CNN2DFormat told, String kind, String name) {
    if (!(type instanceof InputType.InputTypeConvolutional maps)) {
      return told;
    }
    if (told != null && told != maps.getFormat()) {
      throw new IllegalStateException(
          String.format(
              Locale.ROOT,
              "Cannot apply %s '%s': it was told %s, its input is %s; tell the network's"
                  + " setInputType the same format",
              kind,
              name,
              told,
              maps.getFormat()));
    }
    return maps.getFormat();
  }

  /**
   * The order that a layer was told.
   *
   * @param told null for nothing
   * @param how what else than {@code setInputType} tells it
   * @throws IllegalStateException if nobody told it one
   */
  static CNN2DFormat require(CNN2DFormat told, String kind, String name, String how) {
    if (told == null) {
      throw new IllegalStateException(
          String.format(
              Locale.ROOT,
              "Cannot apply %s '%s': it does not know whether its maps have the channels first or"
                  + " last; call setInputType of the network's builder, or %s",
              kind,
              name,
              how));
    }
    return told;
  }
}
