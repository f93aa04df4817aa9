package io.dropblock.spark.predict;

import io.dropblock.spark.data.DataException;
import io.dropblock.spark.data.annotation.Annotation;
import io.dropblock.spark.predict.source.ImageSource;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** By what an output tells images apart, where that is not their names. */
final class ImageKeys {
  private final PredictionFormat format;
  private final Map<String, String> names = new HashMap<>();

  ImageKeys(PredictionFormat format) {
    this.format = format;
  }

  /** Looks, before anything starts, at the images whose names are known by then. */
  static void require(PredictionFormat format, ImageSource source) {
    ImageKeys keys = new ImageKeys(format);
    source.names().all().forEach(name -> keys.add(name, null));
  }

  /**
   * That of an image; null where the format has none.
   *
   * @throws DataException where it has no key, or another image's
   */
  String add(String name, Annotation known) {
    Optional<String> key = format.key(name, known);
    key.ifPresent(it -> take(it, name));
    return key.orElse(null);
  }

  void addAll(Map<String, String> others) {
    others.forEach(this::take);
  }

  private void take(String key, String name) {
    String other = names.put(key, name);
    if (other != null) {
      throw new DataException(
          String.format(
              Locale.ROOT,
              "Cannot write predictions as --format %s: images %s and %s would both be %s there",
              format.word(),
              other,
              name,
              key));
    }
  }

  /** The names of all images by their keys. */
  Map<String, String> names() {
    return names;
  }
}
