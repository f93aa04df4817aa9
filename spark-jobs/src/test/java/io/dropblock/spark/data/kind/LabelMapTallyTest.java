package io.dropblock.spark.data.kind;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropblock.spark.data.annotation.LabelMap;
import io.dropblock.spark.data.image.BrokenImageException;
import io.dropblock.spark.data.image.ImageSize;
import io.dropblock.spark.data.source.voc.TestVoc;
import java.util.List;
import org.junit.jupiter.api.Test;

class LabelMapTallyTest {
  @Test
  void countsWhatAnImageShows() throws BrokenImageException {
    LabelMapTally tally = new LabelMapTally(4);
    int main = add(tally, TestVoc.png(20, 12, (x, y) -> x < 15 ? 0 : x < 17 ? 2 : 1));
    assertThat(main).isEqualTo(1);
    assertThat(add(tally, TestVoc.png(20, 12, (x, y) -> x < 2 ? 255 : 0))).isZero();
    assertThatThrownBy(() -> add(tally, TestVoc.png(20, 12, (x, y) -> x == 0 ? 4 : 1)))
        .isInstanceOf(BrokenImageException.class);
    assertThat(tally.counts()).containsExactly(2L, 1L, 1L, 0L);
    assertThat(tally.pixels())
        .isEqualTo(new LabelPixels(List.of(12L * 33, 12L * 3, 12L * 2, 0L), 12 * 2));
    assertThat(tally.pixels().total()).isEqualTo(480);
  }

  private static int add(ClassTally tally, byte[] png) throws BrokenImageException {
    return tally.add(new LabelMap(png), new ImageSize(20, 12));
  }

  @Test
  void mergesToTheTallyOfAllImages() throws BrokenImageException {
    LabelMapTally all = new LabelMapTally(3);
    LabelMapTally first = new LabelMapTally(3);
    LabelMapTally second = new LabelMapTally(3);
    for (int i = 0; i < 5; i++) {
      int label = i % 3;
      byte[] png = TestVoc.png(20, 12, (x, y) -> x < 7 ? label : 255);
      add(all, png);
      add(i < 2 ? first : second, png);
    }
    first.merge(second);
    assertThat(first.counts()).isEqualTo(all.counts()).containsExactly(2L, 2L, 1L);
    assertThat(first.pixels()).isEqualTo(all.pixels());
  }
}
