package io.dropblock.bench.step.workload;

import io.dropblock.bench.figure.TensorShape;
import io.dropblock.detection.AnchorMatcher;
import io.dropblock.detection.Anchors;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Random;

/**
 * Seven objects in each image, about as many as COCO has, of any class, at any place, a sixteenth
 * to a half of the image wide and high, matched to the anchors as in a feed.
 *
 * @param classes number of classes
 * @param anchors of an image
 * @param images a batch
 */
record MatchedObjects(int classes, Anchors anchors, TensorShape images) implements SyntheticLabels {
  private static final int OBJECTS = 7;

  @Override
  public List<LabelArray> draw(Random random) {
    int samples = images.samples();
    int count = anchors.count();
    var matcher = new AnchorMatcher(anchors, AnchorMatcher.REFERENCE_THRESHOLD);
    float[] numbers = new float[Math.multiplyExact(samples, count)];
    float[] boxes = new float[Math.multiplyExact(numbers.length, AnchorMatcher.NUMBERS)];
    for (int sample = 0; sample < samples; sample++) {
      matcher.match(
          boxes(random),
          random.ints(OBJECTS, 0, classes).toArray(),
          FloatBuffer.wrap(numbers),
          sample * count,
          FloatBuffer.wrap(boxes),
          sample * count * AnchorMatcher.NUMBERS);
    }
    return List.of(
        new LabelArray(numbers, samples, count),
        new LabelArray(boxes, samples, count, AnchorMatcher.NUMBERS));
  }

  private float[] boxes(Random random) {
    float[] boxes = new float[4 * OBJECTS];
    for (int at = 0; at < boxes.length; at += 4) {
      double height = images.height() * (1 + 7 * random.nextDouble()) / 16;
      double width = images.width() * (1 + 7 * random.nextDouble()) / 16;
      double top = (images.height() - height) * random.nextDouble();
      double left = (images.width() - width) * random.nextDouble();
      boxes[at] = (float) top;
      boxes[at + 1] = (float) left;
      boxes[at + 2] = (float) (top + height);
      boxes[at + 3] = (float) (left + width);
    }
    return boxes;
  }
}
