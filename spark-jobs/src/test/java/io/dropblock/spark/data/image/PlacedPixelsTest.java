package io.dropblock.spark.data.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.FloatBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/**
 * Images and labels in squares against those that Pillow 9.4.0 read and PyTorch 1.13.0a0 scaled
 * (make_placed.py), pixels rounded to whole levels.
 */
class PlacedPixelsTest {
  private static final int SIZE = 65;

  /** Rounding alone is 0.25 on average. */
  private static final double TOLERANCE = 0.35;

  private final float[] out = new float[3 * SIZE * SIZE];
  private final byte[] labels = new byte[SIZE * SIZE];

  /** Mirrors, and cuts at the places given. */
  private static final class Draws implements RandomGenerator {
    private final Deque<Integer> places;

    Draws(List<Integer> places) {
      this.places = new ArrayDeque<>(places);
    }

    @Override
    public boolean nextBoolean() {
      return true;
    }

    @Override
    public int nextInt(int bound) {
      int place = places.remove();
      assertThat(place).isLessThan(bound);
      return place;
    }

    @Override
    public long nextLong() {
      throw new AssertionError("nothing else is drawn");
    }
  }

  @Test
  void evaluationScalesDownAndPadsWithVoid() throws IOException, BrokenImageException {
    assertPlaced(SegmentationTransform.evaluation(SIZE), 0);
  }

  @Test
  void trainingMirrorsScalesAndPadsWithBackground() throws IOException, BrokenImageException {
    assertPlaced(SegmentationTransform.training(SIZE, new Jitter(true, .75, .75)), 1);
  }

  @Test
  void trainingCutsWhatIsLarger() throws IOException, BrokenImageException {
    assertPlaced(SegmentationTransform.training(SIZE, new Jitter(true, 1.5, 1.5)), 2, 3, 21);
  }

  private void assertPlaced(SegmentationTransform transform, int picture, Integer... places)
      throws IOException, BrokenImageException {
    LabelImage stored = LabelImage.decode(Pictures.bytes("scene-labels.png"));
    Image image = ImageDecoder.decode(Pictures.bytes("scene.jpg"));
    transform.apply(
        image,
        stored,
        new Draws(List.of(places)),
        Normalization.NONE,
        FloatBuffer.wrap(out),
        0,
        new LabelPlane(labels, 0, 1));
    Image expected = Pictures.expected("placed");
    LabelImage expectedLabels = LabelImage.decode(Pictures.bytes("placed-labels.png"));
    double distance = 0;
    for (int i = 0; i < SIZE * SIZE; i++) {
      int x = picture * SIZE + i % SIZE;
      int y = i / SIZE;
      assertThat(labels[i] & 0xFF).as("label %d", i).isEqualTo(expectedLabels.label(x, y));
      for (int channel = 0; channel < 3; channel++) {
        double difference =
            Math.abs(out[channel * SIZE * SIZE + i] - expected.value(x, y, channel));
        assertThat(difference).as("pixel %d", i).isLessThan(2);
        distance += difference / out.length;
      }
    }
    assertThat(distance).isLessThan(TOLERANCE);
  }
}
