package io.dropblock.detection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.dropblock.detection.AnchorSettings.Aspect;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AnchorsTest {
  private static final List<Integer> STRIDES = List.of(8, 16, 32, 64, 128);

  private static float[] box(Anchors anchors, int anchor) {
    return Arrays.copyOfRange(anchors.boxes(), 4 * anchor, 4 * anchor + 4);
  }

  @ParameterizedTest
  @CsvSource({"640, 76725", "512, 49104"})
  void areAsManyAsTheReferences(int size, int count) {
    Anchors anchors = new Anchors(AnchorSettings.REFERENCE, size, STRIDES);
    assertThat(anchors.count()).isEqualTo(count);
    assertThat(anchors.boxes()).hasSize(4 * count);
  }

  /** By hand: sizes 32, 40.317 and 50.797, aspects 1 x 1, 1.4 x 0.7, 0.7 x 1.4, centre (4, 4). */
  @Test
  void beginWithAllSizesAndAspectsOfTheFirstPosition() {
    Anchors anchors = new Anchors(AnchorSettings.REFERENCE, 640, STRIDES);
    assertThat(box(anchors, 0)).containsExactly(-12, -12, 20, 20);
    assertThat(box(anchors, 1)).containsExactly(-7.2f, -18.4f, 15.2f, 26.4f);
    assertThat(box(anchors, 2)).containsExactly(-18.4f, -7.2f, 26.4f, 15.2f);
    assertThat(box(anchors, 3)).containsExactly(-16.158737f, -16.158737f, 24.158737f, 24.158737f);
    assertThat(box(anchors, 6)).containsExactly(-21.398417f, -21.398417f, 29.398417f, 29.398417f);
  }

  /** By hand: 9 anchors a position, 80 x 80 positions of stride 8, then 40 x 40 of stride 16. */
  @Test
  void goOnByColumnsThenRowsThenLevels() {
    Anchors anchors = new Anchors(AnchorSettings.REFERENCE, 640, STRIDES);
    assertThat(box(anchors, 9)).containsExactly(-12, -4, 20, 28);
    assertThat(box(anchors, 9 * 80)).containsExactly(-4, -12, 28, 20);
    assertThat(box(anchors, 9 * 80 * 80)).containsExactly(-24, -24, 40, 40);
    // The last level's last position is at 576, its anchors 512 * 2^(2/3) long.
    assertThat(box(anchors, 76_716)).containsExactly(320, 320, 832, 832);
    assertThat(box(anchors, 76_722)).containsExactly(169.62534f, 169.62534f, 982.3747f, 982.3747f);
  }

  /**
   * By NumPy 1.24.2, loops over strides, {@code arange(stride / 2, 640, stride)} twice, octaves and
   * aspects, and {@code 4 * stride * 2 ** (octave / 3)}, in doubles, then floats: {@code (boxes *
   * (arange(306900) % 97).reshape(-1, 4)).sum()}.
   */
  @Test
  void areTheReferencesAllOfThem() {
    double sum = 0;
    float[] boxes = new Anchors(AnchorSettings.REFERENCE, 640, STRIDES).boxes();
    for (int i = 0; i < boxes.length; i++) {
      sum += (double) boxes[i] * (i % 97);
    }
    assertThat(sum).isCloseTo(4713982599.087211, within(.05));
  }

  /** By hand: 3 x 3 positions of stride 4, 2 x 2 of stride 8, for 9 pixels. */
  @Test
  void haveAPositionForPartOfAStride() {
    Anchors anchors =
        new Anchors(new AnchorSettings(2, 1, List.of(new Aspect(1, 1))), 9, List.of(4, 8));
    assertThat(anchors.count()).isEqualTo(13);
    assertThat(anchors.levels()).extracting(AnchorLevel::side).containsExactly(3, 2);
    assertThat(box(anchors, 8)).containsExactly(6, 6, 14, 14);
    assertThat(box(anchors, 9)).containsExactly(-4, -4, 12, 12);
    assertThat(box(anchors, 12)).containsExactly(4, 4, 20, 20);
  }

  @Test
  void areRefusedWithoutASizeOrLevels() {
    for (List<Integer> strides :
        List.of(List.<Integer>of(), List.of(0, 1), List.of(8, 8), List.of(16, 8))) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new Anchors(AnchorSettings.REFERENCE, 640, strides))
          .withMessage("Cannot lay anchors: a square of 640 pixels with strides " + strides);
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Anchors(AnchorSettings.REFERENCE, 0, STRIDES));
  }

  @ParameterizedTest
  @ValueSource(ints = {80_000, 2_000_000, Integer.MAX_VALUE})
  void areRefusedIfTheyAreTooMany(int size) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Anchors(AnchorSettings.REFERENCE, size, STRIDES))
        .withMessageContaining("has too many for strides");
  }

  @Test
  void areRefusedIfTheyAreTooGreat() {
    for (Aspect aspect : List.of(new Aspect(1e-3, 1), new Aspect(1, 1e-3))) {
      AnchorSettings settings = new AnchorSettings(1e38, 1, List.of(aspect));
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new Anchors(settings, 640, STRIDES))
          .withMessageEndingWith("is too great");
    }
  }
}
