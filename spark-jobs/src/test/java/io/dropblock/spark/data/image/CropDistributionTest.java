package io.dropblock.spark.data.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.dropblock.spark.data.KeyedRandom;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/**
 * Areas and aspects of 20,000 training crops of a 4000 x 3000 image, on which whole pixels hardly
 * matter, against the formula of TensorFlow's rule by chi-square. Given an aspect r, uniform in
 * [3/4, 4/3], the height is uniform from sqrt(0.08 A / r) to the largest that fits; what covers
 * less than a tenth of the area A is drawn again.
 */
class CropDistributionTest {
  private static final int WIDTH = 4000;
  private static final int HEIGHT = 3000;
  private static final double AREA = (double) WIDTH * HEIGHT;
  private static final int CROPS = 20_000;
  private static final int BINS = 18;
  private static final int ASPECTS = 9 * 120;

  private final double[] areas = new double[BINS];
  private final double[] aspects = new double[9];

  /** Probabilities of 18 ranges of the area, and of 9 of the aspect. */
  private void expect() {
    double all = 0;
    for (int i = 0; i < ASPECTS; i++) {
      double aspect = 0.75 + (i + 0.5) / ASPECTS * (4.0 / 3 - 0.75);
      double lowest = height(0.08, aspect);
      double highest = Math.min(Math.min(height(1, aspect), WIDTH / aspect), HEIGHT);
      for (int bin = 0; bin < BINS; bin++) {
        double from = height(0.1 + 0.05 * bin, aspect);
        double to = Math.min(height(0.15 + 0.05 * bin, aspect), highest);
        double share = Math.max(to - from, 0) / (highest - lowest);
        areas[bin] += share;
        aspects[i / (ASPECTS / 9)] += share;
        all += share;
      }
    }
    for (int bin = 0; bin < BINS; bin++) {
      areas[bin] /= all;
    }
    for (int bin = 0; bin < 9; bin++) {
      aspects[bin] /= all;
    }
  }

  private static double height(double share, double aspect) {
    return Math.sqrt(share * AREA / aspect);
  }

  @Test
  void areasAspectsAndPlacesFollowTheirFormulas() {
    expect();
    RandomResizedCrop crop = new RandomResizedCrop(224, true);
    double[] areaCounts = new double[BINS];
    double[] aspectCounts = new double[9];
    double[] columns = new double[10];
    double[] rows = new double[10];
    double mirrored = 0;
    for (int i = 0; i < CROPS; i++) {
      Crop drawn = crop.draw(WIDTH, HEIGHT, KeyedRandom.of(77, i));
      Region region = drawn.region();
      double share = region.width() * (double) region.height() / AREA;
      double aspect = (double) region.width() / region.height();
      areaCounts[bin((share - 0.1) / 0.05, BINS)]++;
      aspectCounts[bin((aspect - 0.75) / (4.0 / 3 - 0.75) * 9, 9)]++;
      columns[bin(10.0 * region.x() / (WIDTH - region.width() + 1), 10)]++;
      rows[bin(10.0 * region.y() / (HEIGHT - region.height() + 1), 10)]++;
      mirrored += drawn.mirror() ? 1 : 0;
    }
    assertFollows("area", areaCounts, areas);
    assertFollows("aspect", aspectCounts, aspects);
    double[] equal = new double[10];
    Arrays.fill(equal, 0.1);
    assertFollows("column", columns, equal);
    assertFollows("row", rows, equal);
    assertFollows("mirror", new double[] {mirrored, CROPS - mirrored}, new double[] {0.5, 0.5});
  }

  private static int bin(double place, int bins) {
    return Math.min(Math.max((int) place, 0), bins - 1);
  }

  /** Five deviations above the mean of chi-square: seldom by chance, and the seed is fixed. */
  private static void assertFollows(String what, double[] counts, double[] probabilities) {
    double sum = 0;
    for (int i = 0; i < counts.length; i++) {
      double expected = probabilities[i] * CROPS;
      assertThat(expected).as("%s, range %d", what, i).isGreaterThan(5);
      sum += (counts[i] - expected) * (counts[i] - expected) / expected;
    }
    int freedom = counts.length - 1;
    assertThat(sum).as(what).isLessThan(freedom + 5 * Math.sqrt(2 * freedom));
  }
}
