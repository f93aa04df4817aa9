package io.dropblock.spark.data.annotation;

import java.io.Serializable;

/** What is known of an image. */
public sealed interface Annotation extends Serializable permits ClassLabel, ObjectSet, LabelMap {
  /** What it is there to learn. */
  Task task();
}
