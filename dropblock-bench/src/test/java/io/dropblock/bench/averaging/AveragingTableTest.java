package io.dropblock.bench.averaging;

import static org.assertj.core.api.Assertions.assertThat;

import io.dropblock.bench.averaging.fit.FitFigure;
import io.dropblock.bench.figure.Machine;
import io.dropblock.bench.figure.Spread;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AveragingTableTest {
  private static final Machine QUIET = new Machine("Processor X", 2, .1, "17 Y");

  @Test
  void showsEveryFigureUnderItsColumn() {
    String table = AveragingTable.of(results(100, 2));

    assertThat(table.lines())
        .contains(
            "The mean, or the sum, of 2 arrays of 1,000,000 floats, between as many JVMs on this"
                + " machine")
        .anyMatch(line -> line.matches("ring +60.00 +50.00 +90.00 +55.00 +4.00"))
        .anyMatch(line -> line.matches("chain +75.00 +65.00 +95.00 +58.00 +4.00"))
        .anyMatch(line -> line.matches("bare transfer .* +50.00 +45.00 +70.00 +40.00 +4.00"))
        .anyMatch(line -> line.matches("ring master, 1,000,000 floats +100.00 .* +30.00 +70.00"))
        .anyMatch(line -> line.matches("stock master, 1,000 floats +80.00 .* +1.00 +79.00"))
        .anyMatch(line -> line.matches("rounds 50 to 100 +3.00 +0.50"))
        .noneMatch(line -> line.startsWith("WARNING"));
  }

  @Test
  void showsTheEncryptedBesideTheClearAndWhatItCosts() {
    EncryptedRounds encrypted =
        new EncryptedRounds(
            new RoundsFigure(new Spread(150, 140, 160), 110, 4_100_000, 0, 0),
            new RoundsFigure(new Spread(225, 200, 300), 87, 4_200_000, 0, 0));

    assertThat(AveragingTable.of(results(100, 2, Optional.of(encrypted))).lines())
        .anyMatch(line -> line.matches("ring, encrypted +150.00 +140.00 +160.00 +110.00 +4.10"))
        .anyMatch(line -> line.matches("chain, encrypted +225.00 +200.00 +300.00 +87.00 +4.20"))
        .anyMatch(line -> line.matches("encrypted / in the clear +a round +CPU *"))
        .anyMatch(line -> line.matches("ring +2.50 +2.00"))
        .anyMatch(line -> line.matches("chain +3.00 +1.50"));
    assertThat(AveragingTable.of(results(100, 2))).doesNotContain("encrypted");
  }

  @Test
  void saysWhichTargetsAreReached() {
    assertThat(targets(results(700, 5)))
        .containsExactly(
            "ring / bare transfer: 1.20 true",
            "chain / bare transfer: 1.50 true",
            "stock master / ring: 11.67 true",
            "fixed cost, ring, ms: 4.00 true");
    assertThat(targets(results(500, 7)))
        .containsExactly(
            "ring / bare transfer: 1.20 true",
            "chain / bare transfer: 1.50 true",
            "stock master / ring: 8.33 false",
            "fixed cost, ring, ms: 6.00 false");
    assertThat(AveragingTable.of(results(500, 7)))
        .containsPattern("fixed cost, ring, ms +6.00 +<= 5.00 +MISSED");
  }

  private static List<String> targets(AveragingResults results) {
    return results.targets().stream()
        .map(
            target ->
                String.format(
                    Locale.ROOT, "%s: %.2f %s", target.what(), target.value(), target.reached()))
        .toList();
  }

  /**
   * @param stock milliseconds of the stock master's round with all parameters
   * @param fixed of the ring's with few, with a step of 1 ms
   */
  private static AveragingResults results(double stock, double fixed) {
    return results(stock, fixed, Optional.empty());
  }

  private static AveragingResults results(
      double stock, double fixed, Optional<EncryptedRounds> encrypted) {
    return new AveragingResults(
        new AveragingPlan(1_000_000, 2, encrypted.isPresent(), AveragingPace.THOROUGH),
        QUIET,
        new RoundsFigure(new Spread(60, 50, 90), 55, 4_000_000, 3, .5),
        new RoundsFigure(new Spread(75, 65, 95), 58, 4_000_000, 2, .5),
        encrypted,
        new RoundsFigure(new Spread(50, 45, 70), 40, 4_000_000, 0, 0),
        new FitFigure(1_000_000, 30, new Spread(100, 90, 110), new Spread(stock, stock, stock)),
        new FitFigure(1000, 1, new Spread(fixed, fixed, fixed), new Spread(80, 70, 90)));
  }
}
