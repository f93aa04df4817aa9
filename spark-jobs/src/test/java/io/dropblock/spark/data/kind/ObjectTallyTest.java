package io.dropblock.spark.data.kind;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropblock.spark.data.annotation.Box;
import io.dropblock.spark.data.annotation.ImageObject;
import io.dropblock.spark.data.annotation.ObjectSet;
import io.dropblock.spark.data.image.BrokenImageException;
import io.dropblock.spark.data.image.ImageSize;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ObjectTallyTest {
  @Test
  void countsClassesAndObjectsOnceAndNothingOfABrokenImage() throws BrokenImageException {
    ImageSize size = new ImageSize(9, 9);
    ObjectTally tally = new ObjectTally(2);
    assertThat(tally.add(set(object(0, 5), object(1, 40), object(0, 6)), size)).isEqualTo(1);
    assertThat(tally.add(set(), size)).isZero();
    assertThatThrownBy(() -> tally.add(set(object(0, 1), object(2, 1)), size))
        .isInstanceOf(BrokenImageException.class)
        .hasMessage("label 2 of 2 classes");
    assertThatThrownBy(() -> tally.add(set(object(0, 1)), new ImageSize(9, 8)))
        .isInstanceOf(BrokenImageException.class)
        .hasMessageEndingWith("leaves the image of 9 x 8 pixels");
    assertThat(tally.counts()).containsExactly(2L, 1L);
    assertThat(tally.objects().count()).isEqualTo(3);
    assertThat(tally.objects().perImage().count()).isEqualTo(2);
    ObjectTally more = new ObjectTally(2);
    more.add(set(object(1, 2000)), size);
    tally.merge(more);
    assertThat(tally.counts()).containsExactly(2L, 2L);
    assertThat(tally.objects().count()).isEqualTo(4);
    assertThat(tally.objects().medium()).isEqualTo(1);
  }

  private static ImageObject object(int label, double area) {
    return new ImageObject(1, label, new Box(0, 0, 9, 9), area, false, null);
  }

  @Test
  void countsObjectsBySizeAndImage() {
    ObjectStatistics statistics = new ObjectStatistics();
    statistics.add(new ObjectSet(1, List.of()));
    statistics.add(set(area(1023.9, false), area(1024, true), area(9215.9, false)));
    ObjectStatistics more = new ObjectStatistics();
    more.add(set(area(9216, true)));
    statistics.merge(more);
    assertThat(statistics.count()).isEqualTo(4);
    assertThat(statistics.small()).isEqualTo(1);
    assertThat(statistics.medium()).isEqualTo(2);
    assertThat(statistics.large()).isEqualTo(1);
    assertThat(statistics.crowds()).isEqualTo(2);
    assertThat(statistics.perImage().count(0, 1)).isEqualTo(1);
    assertThat(statistics.perImage().count(1, 3)).isEqualTo(1);
    assertThat(statistics.perImage().count(0, Integer.MAX_VALUE)).isEqualTo(3);
  }

  private static ImageObject area(double area, boolean crowd) {
    return new ImageObject(1, 0, new Box(0, 0, 9, 9), area, crowd, null);
  }

  private static ObjectSet set(ImageObject... objects) {
    return new ObjectSet(1, List.of(objects));
  }

  @Test
  void countsWhatTrainingLeavesOut() {
    ObjectStatistics statistics = new ObjectStatistics();
    statistics.add(many(100, 7));
    assertThat(statistics.fullImages()).isZero();
    assertThat(statistics.beyondNote()).isEmpty();
    statistics.add(many(101, 0));
    assertThat(statistics.beyondNote())
        .contains(
            "training takes the 100 largest objects of an image; 1 image has more, 1 object is left"
                + " out");
    ObjectStatistics more = new ObjectStatistics();
    more.add(many(300, 3));
    more.add(many(3, 200));
    statistics.merge(more);
    assertThat(statistics.fullImages()).isEqualTo(2);
    assertThat(statistics.beyond()).isEqualTo(201);
  }

  /** Stands in the table of a data set where there is something to say, for train alone. */
  @Test
  void theTableSaysWhatTrainingLeavesOut() throws BrokenImageException {
    ImageSize size = new ImageSize(9, 9);
    ObjectTally full = new ObjectTally(1);
    full.add(many(300, 0), size);
    ObjectTally few = new ObjectTally(1);
    few.add(many(9, 0), size);
    String line =
        "training takes the 100 largest objects of an image; 1 image has more, 200 objects are left"
            + " out";
    assertThat(new ObjectTable().tables(full, few)).contains(line);
    assertThat(new ObjectTable().tables(few, full)).doesNotContain(line);
  }

  private static ObjectSet many(int single, int crowds) {
    return new ObjectSet(
        1, IntStream.range(0, single + crowds).mapToObj(i -> area(50, i >= single)).toList());
  }
}
