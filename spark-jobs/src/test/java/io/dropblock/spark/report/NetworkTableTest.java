package io.dropblock.spark.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.dropblock.model.NetworkSummary;
import io.dropblock.schedule.Schedule;
import io.dropblock.spark.cli.assembly.RecipeParts;
import io.dropblock.spark.recipe.Recipe;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** The totals under a network's layers. */
class NetworkTableTest {
  private static final String OF_WHICH =
      "\nOf which in the auxiliary classifier, in training only: ";

  /**
   * AmoebaNet-B (6, 256) for 1001 classes is counted without its second classifier: 141,751,465
   * parameters and 37.87 G multiply-adds. That has 36 x 2048 x 51 + 36 x 51 x 307 + 307 x 1001 of
   * them.
   */
  @Test
  void tellsWhatIsThereInTrainingOnly() {
    assertThat(table("imagenet-amoebanet-b", "data.classes=1001"))
        .containsPattern("\nTrainable parameters 142,728,589, .*, multiply-adds an image 37,8")
        .contains(
            OF_WHICH
                + "parameters 977,124, moving statistics 716, multiply-adds an image 4,631,087\n")
        .containsPattern("\nWithout it: parameters 141,751,465, .*, multiply-adds an image 37,8");
  }

  /** A small one, against the same without it. */
  @Test
  void whatIsLeftIsTheNetworkWithoutIt() {
    String small = "model={family: amoebanet, cells: 1, width: 8, stem_filters: 16";
    NetworkSummary alone = summary("imagenet-amoebanet-b", small + ", auxiliary_weight: 0}");
    assertThat(table("imagenet-amoebanet-b", small + ", auxiliary_weight: 0.4}"))
        .contains(OF_WHICH)
        .contains(
            String.format(
                Locale.ROOT,
                "Without it: parameters %,d, moving statistics %,d, multiply-adds an image %,d\n",
                alone.trainableParameters(),
                alone.movingStatistics(),
                alone.multiplyAdds()));
    assertThat(NetworkTable.of(alone, Schedule.parse("1"))).doesNotContain("auxiliary", "Without");
  }

  private static String table(String recipe, String... settings) {
    return NetworkTable.of(summary(recipe, settings), Schedule.parse("1"));
  }

  private static NetworkSummary summary(String recipe, String... settings) {
    return new RecipeParts(Recipe.load(recipe, List.of(settings))).summary();
  }
}
