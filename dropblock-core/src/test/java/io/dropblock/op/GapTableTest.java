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
      compare(gamma, 1 + random.nextInt(600), random);
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
      long edge = table.atLeast(random.nextInt(positions + 1));
      compare(definition, table, Math.min(LARGEST, edge), gamma);
      compare(definition, table, Math.max(0, edge - 1), gamma);
    }
    boolean none = table.noBlockBelow() == 0;
    assertThat(definition.gap(0) == positions).as("gamma %s", gamma).isEqualTo(!none);
  }

  private static void compare(StartGaps definition, GapTable table, long word, double gamma) {
    int expected = definition.gap((int) word);
    assertThat(table.gap(word)).as("gamma %s, word %s", gamma, word).isEqualTo(expected);
  }
}
