package io.dropblock.spark.data.annotation;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** What a data set is made to learn. */
public enum Task {
  /** One class an image: {@link ClassLabel}. */
  CLASSIFICATION,
  /** Any number of boxes an image: {@link ObjectSet}. */
  DETECTION,
  /** One class a pixel: {@link LabelMap}. */
  SEGMENTATION;

  /** The word for it in files and messages: {@code classification} and so on. */
  @JsonValue
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
