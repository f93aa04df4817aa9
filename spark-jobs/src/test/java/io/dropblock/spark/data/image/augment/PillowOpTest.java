package io.dropblock.spark.data.image.augment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.dropblock.spark.data.image.Image;
import io.dropblock.spark.data.image.Pictures;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Against torchvision 0.14 with Pillow 9.4.0 (make_torchvision.py). */
class PillowOpTest {
  private static List<String> lines(String file) throws IOException {
    try (var in = PillowOpTest.class.getResourceAsStream(file)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    }
  }

  private static Magnitudes magnitudes(String policy, int width, int height) {
    return policy.equals("rand") ? RandAugment.magnitudes(width, height) : TrivialAugment.WIDE;
  }

  @ParameterizedTest
  @EnumSource
  void isTorchvisions(PillowOp op) throws Exception {
    Image image = Pictures.expected(PillowOpTest.class, "torchvision");
    String name = op.name().toLowerCase(Locale.ROOT).replace('_', '-');
    byte[] expected = Pictures.expected(PillowOpTest.class, "torchvision-" + name).rgb();
    int length = image.rgb().length;
    int at = 0;
    int changed = 0;
    for (String line : lines("torchvision.csv")) {
      String[] parts = line.split(",");
      if (!parts[1].equals(op.name())) {
        continue;
      }
      assertThat(op.isSigned() || parts[3].equals("1")).as(line).isTrue();
      byte[] result = op.apply(image, Double.parseDouble(parts[4])).rgb();
      assertThat(result).as(line).isEqualTo(Arrays.copyOfRange(expected, at, at + length));
      changed += Arrays.equals(result, image.rgb()) ? 0 : 1;
      at += length;
    }
    assertThat(at).isEqualTo(expected.length);
    assertThat(changed > 0).isEqualTo(op != PillowOp.IDENTITY);
  }

  @Test
  void magnitudesAreTorchvisionsInAllBins() throws IOException {
    Map<PillowOp, Integer> seen = new EnumMap<>(PillowOp.class);
    for (String line : lines("magnitudes.csv")) {
      String[] parts = line.split(",");
      PillowOp op = PillowOp.valueOf(parts[1]);
      for (int bin = 0; bin < Magnitudes.BINS; bin++) {
        double magnitude = magnitudes(parts[0], 224, 200).of(op, bin);
        double expected = Double.parseDouble(parts[2 + bin]);
        assertThat(magnitude)
            .as("%s %s %d", parts[0], op, bin)
            .isCloseTo(expected, within(2e-7 * Math.abs(expected)));
        // what is cut off to whole numbers is the same
        assertThat((int) magnitude).isEqualTo((int) expected);
      }
      seen.merge(op, 1, Integer::sum);
    }
    assertThat(seen).hasSize(PillowOp.values().length).containsValue(2).doesNotContainValue(1);
  }

  @Test
  void leavesItsArgumentAlone() throws Exception {
    Image image = Pictures.expected(PillowOpTest.class, "torchvision");
    byte[] before = image.rgb().clone();
    for (PillowOp op : PillowOp.values()) {
      op.apply(image, 3);
    }
    assertThat(image.rgb()).isEqualTo(before);
  }

  @Test
  void takesTheSmallestImages() {
    for (int[] size : new int[][] {{1, 1}, {2, 1}, {1, 2}, {2, 2}}) {
      Image image = new Image(size[0], size[1], new byte[3 * size[0] * size[1]]);
      for (PillowOp op : PillowOp.values()) {
        assertThat(op.apply(image, 0.5).rgb()).hasSameSizeAs(image.rgb());
      }
    }
  }
}
