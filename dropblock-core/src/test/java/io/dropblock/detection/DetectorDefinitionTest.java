package io.dropblock.detection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A detector against the way that its words describe: everything sorted, class by class. */
class DetectorDefinitionTest {
  private record Pair(int place, int label, double score, float[] box) {}

  private static List<Pair> candidates(
      Anchors anchors, int classes, DetectionSettings settings, float[] logits, float[] codes) {
    List<Integer> places = new ArrayList<>();
    for (int place = 0; place < logits.length; place++) {
      places.add(place);
    }
    places.sort(Comparator.comparing((Integer place) -> -logits[place] + 0f));
    List<Pair> pairs = new ArrayList<>();
    for (int place : places.subList(0, Math.min(settings.candidates(), logits.length))) {
      int anchor = place / classes;
      float[] box = new float[4];
      BoxCode.decode(FloatBuffer.wrap(codes), 4 * anchor, anchors.boxes(), 4 * anchor, 50, 70, box);
      double score = 1 / (1 + Math.exp(-logits[place]));
      if (score >= settings.least() && box[0] < box[2] && box[1] < box[3]) {
        pairs.add(new Pair(place, place % classes, score, box));
      }
    }
    return pairs;
  }

  private static double overlap(float[] box, float[] other) {
    double both = 1;
    double one = 1;
    double two = 1;
    for (int axis = 0; axis < 2; axis++) {
      double from = Math.max(box[axis], other[axis]);
      double to = Math.min(box[2 + axis], other[2 + axis]);
      both *= Math.max(0, to - from + 1);
      one *= (double) box[2 + axis] - box[axis] + 1;
      two *= (double) other[2 + axis] - other[axis] + 1;
    }
    return both / (one + two - both);
  }

  /** Of one class after another, then the best of all. */
  private static List<Pair> staying(
      List<Pair> candidates, int classes, DetectionSettings settings) {
    List<Pair> all = new ArrayList<>();
    for (int label = 0; label < classes; label++) {
      List<Pair> left = new ArrayList<>();
      for (Pair pair : candidates) {
        if (pair.label() == label) {
          left.add(pair);
        }
      }
      while (!left.isEmpty()) {
        Pair best = left.remove(0);
        all.add(best);
        left.removeIf(worse -> overlap(best.box(), worse.box()) > settings.overlap());
      }
    }
    all.sort(Comparator.comparing(candidates::indexOf));
    return all.subList(0, Math.min(settings.most(), all.size()));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 8})
  void findsWhatTheDefinitionFinds(int classes) {
    Anchors anchors = new Anchors(AnchorSettings.REFERENCE, 70, List.of(16, 32));
    for (int seed = 0; seed < 40; seed++) {
      Random random = new Random(seed);
      boolean ties = seed % 2 == 0;
      float[] logits = new float[anchors.count() * classes];
      for (int i = 0; i < logits.length; i++) {
        logits[i] = ties ? random.nextInt(30) / 10f - 2 : (float) random.nextGaussian();
      }
      float[] codes = new float[4 * anchors.count()];
      for (int i = 0; i < codes.length; i++) {
        codes[i] = (float) random.nextGaussian() * (i % 4 < 2 ? 1 : .5f);
      }
      DetectionSettings settings =
          new DetectionSettings(
              1 + random.nextInt(600),
              random.nextInt(11) / 10.,
              random.nextInt(3) * .25,
              1 + random.nextInt(100));
      List<Pair> expected =
          staying(candidates(anchors, classes, settings, logits, codes), classes, settings);
      Detections found =
          new Detector(anchors, classes, settings)
              .detect(
                  RandomBoxes.buffer(shifted(logits, 5), !ties),
                  5,
                  RandomBoxes.buffer(shifted(codes, 3), ties),
                  3,
                  50,
                  70);
      assertThat(found.count()).as("seed %d", seed).isEqualTo(expected.size());
      for (int i = 0; i < expected.size(); i++) {
        Pair pair = expected.get(i);
        assertThat(found.labels()[i]).as("seed %d, %d", seed, i).isEqualTo(pair.label());
        assertThat(found.scores()[i]).isEqualTo((float) pair.score());
        assertThat(Arrays.copyOfRange(found.boxes(), 4 * i, 4 * i + 4)).containsExactly(pair.box());
      }
    }
  }

  private static double number(int i, int times, int plus) {
    return ((long) i * times + plus) % 104729 / 104729.;
  }

  /**
   * By NumPy 1.24.2 in doubles: the 500 best by {@code argsort(-logits, kind="stable")}, decoded,
   * clipped to 100 x 120, those without area left out; suppressed class by class with {@code + 1}
   * at each side and overlap {@code <= .5} staying; all sorted by score, the first 100. Each
   * eleventh: score, class, box.
   */
  @Test
  void findsWhatNumpyFinds() {
    Anchors anchors = new Anchors(AnchorSettings.REFERENCE, 128, List.of(8, 16, 32, 64, 128));
    float[] logits = new float[3 * anchors.count()];
    for (int i = 0; i < logits.length; i++) {
      logits[i] = (float) (number(i, 7919, 13) * 8 - 6);
    }
    float[] codes = new float[4 * anchors.count()];
    for (int i = 0; i < codes.length; i++) {
      codes[i] = (float) ((number(i, 6007, 5) - .5) * (i % 4 < 2 ? 1 : 1.2));
    }
    Detections found =
        new Detector(anchors, 3, new DetectionSettings(500, .5, 0, 100))
            .detect(FloatBuffer.wrap(logits), 0, FloatBuffer.wrap(codes), 0, 100, 120);
    double[][] expected = {
      {0.880757, 2, 8.264231, 36.597320, 43.361081, 111.792542},
      {0.879815, 0, 0, 96.602964, 100, 120},
      {0.878631, 2, 52.266249, 0, 86.384792, 34.513900},
      {0.877363, 2, 32.245487, 66.313901, 72.480991, 92.278293},
      {0.875634, 2, 38.617007, 98.118994, 62.260052, 120},
      {0.874112, 2, 14.109819, 78.521808, 67.455519, 120},
      {0.872345, 2, 23.245907, 8.441640, 54.592719, 42.022009},
      {0.870479, 0, 55.748946, 0, 86.116249, 17.033573},
      {0.868590, 1, 54.664295, 74.066589, 100, 100.657148},
      {0.865864, 1, 7.738181, 13.566393, 23.842551, 48.070104}
    };
    assertThat(found.count()).isEqualTo(100);
    for (int i = 0; i < expected.length; i++) {
      assertThat(found.scores()[11 * i]).isCloseTo((float) expected[i][0], within(2e-6f));
      assertThat(found.labels()[11 * i]).isEqualTo((int) expected[i][1]);
      for (int at = 0; at < 4; at++) {
        assertThat(found.boxes()[44 * i + at])
            .as("rank %d", 11 * i)
            .isCloseTo((float) expected[i][2 + at], within(2e-5f));
      }
    }
    assertThat(Arrays.stream(found.labels()).sum()).isEqualTo(98);
    double sum = 0;
    for (float number : found.boxes()) {
      sum += number;
    }
    assertThat(sum).isCloseTo(22014.43471588985, within(1e-3));
  }

  /** The numbers after some that are none. */
  private static float[] shifted(float[] numbers, int by) {
    float[] shifted = new float[by + numbers.length];
    Arrays.fill(shifted, 0, by, Float.NaN);
    System.arraycopy(numbers, 0, shifted, by, numbers.length);
    return shifted;
  }
}
