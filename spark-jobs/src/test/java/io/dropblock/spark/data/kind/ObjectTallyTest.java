package io.dropblock.spark.data.kind;

import static org.assertj.core.api.Assertions.assertThat;

import io.dropblock.spark.data.annotation.Box;
import io.dropblock.spark.data.annotation.ImageObject;
import io.dropblock.spark.data.annotation.ObjectSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class ObjectTallyTest {
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
}
