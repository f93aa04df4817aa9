package io.dropblock.spark.predict.output;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class PredictionPlanTest {
  private static final PredictionPlan PLAN =
      PredictionPlan.of(7, Map.of("--batch", "8", "images", "9 images"));

  @Test
  void theFirstDifferenceIsNamed() {
    assertThat(PLAN.difference(PredictionPlan.of(7, PLAN.settings()))).isNull();
    assertThat(PLAN.difference(PredictionPlan.of(7, Map.of("--batch", "4", "images", "8 images"))))
        .isEqualTo("--batch 4, now 8");
    assertThat(PLAN.difference(PredictionPlan.of(7, Map.of("--batch", "8"))))
        .isEqualTo("images not set, now 9 images");
    assertThat(PredictionPlan.of(7, Map.of("--batch", "8")).difference(PLAN))
        .isEqualTo("images 9 images, now not set");
  }

  /** Another cluster may share the images out in other parts. */
  @Test
  void theSizeOfAPartIsNoDifference() {
    assertThat(PLAN.difference(PredictionPlan.of(4096, PLAN.settings()))).isNull();
  }

  @Test
  void anotherVersionAndADamagedOneAreOthers() {
    assertThat(PLAN.difference(new PredictionPlan(2, 7, PLAN.settings())))
        .isEqualTo("format version 2, now 1");
    assertThat(PLAN.difference(new PredictionPlan(1, 0, PLAN.settings()))).isNotNull();
    assertThat(PLAN.difference(new PredictionPlan(1, 7, null))).isNotNull();
  }
}
