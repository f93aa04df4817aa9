package io.dropblock.spark.data.feed;

import java.nio.FloatBuffer;
import java.util.List;

/**
 * One class an image.
 *
 * @param labels class numbers, one an image
 * @param numbers the same as floats
 */
public record ClassTargets(int[] labels, FloatBuffer numbers) implements Targets {
  static ClassTargets of(int[] labels) {
    FloatBuffer numbers = FeedMemory.SHARED.take(labels.length);
    for (int i = 0; i < labels.length; i++) {
      numbers.put(i, labels[i]);
    }
    return new ClassTargets(labels, numbers);
  }

  @Override
  public int size() {
    return labels.length;
  }

  @Override
  public List<FloatBuffer> encoded() {
    return List.of(numbers);
  }
}
