package io.dropblock.op;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** The fast table against the definition. */
class GapTableTest {
  private static final long LARGEST = 0xFFFFFFFFL;

  @Test
  void isTheDefinition() {
    Random random = Seeds.random();
    for (int repetition = 0; repetition < 400; repetition++) {
      double gamma = Math.max(0x1p-52, Math.pow(random.nextDouble(), 1 + random.nextInt(8)));
      compare(gamma, 1 + random.nextInt(1300), random);
    }
    compare(1, 50, random);
    compare(.5, 100, random);
    compare(0x1p-53, 100, random);
    compare(.00228, 11236, random);
    compare(1 - 0x1p-53, 20, random);
  }

  private static void compare(double gamma, int positions, Random random) {
    StartGaps definition = new StartGaps(gamma, positions);
    GapTable table = new GapTable(gamma, positions);
    for (int i = 0; i < 100; i++) {
      compare(definition, table, random.nextInt() & LARGEST, gamma);
    }
    compare(definition, table, 0, gamma);
    compare(definition, table, LARGEST, gamma);
    for (int i = 0; i < 20; i++) {
      // where the gap changes
      long edge = table.table()[random.nextInt(table.table().length)];
      compare(definition, table, Math.min(LARGEST, edge), gamma);
      compare(definition, table, Math.max(0, edge - 1), gamma);
    }
  }

  private static void compare(StartGaps definition, GapTable table, long word, double gamma) {
    int expected = definition.gap((int) word);
    assertThat(gap(table, word)).as("gamma %s, word %s", gamma, word).isEqualTo(expected);
  }

  /** As the native code searches. */
  private static int gap(GapTable table, long word) {
    int gap = table.guide()[(int) (word >>> table.guideShift())];
    for (int step = 0; step < table.guideSteps(); step++) {
      gap -= word >= table.table()[gap] ? 1 : 0;
    }
    return gap;
  }
}
