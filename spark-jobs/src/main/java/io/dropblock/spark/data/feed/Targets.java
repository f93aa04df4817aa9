package io.dropblock.spark.data.feed;

/** What a network is to say of the images of a batch. */
public sealed interface Targets permits ClassTargets, ObjectTargets, LabelMapTargets {
  /** Number of images. */
  int size();
}
