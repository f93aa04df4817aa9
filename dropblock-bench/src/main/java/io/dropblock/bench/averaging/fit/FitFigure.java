package io.dropblock.bench.averaging.fit;

import io.dropblock.bench.figure.Spread;

/**
 * Rounds of a fit with both masters.
 *
 * @param parameters of the network
 * @param stepMilliseconds a step on its own
 * @param ring milliseconds of a round with its step
 * @param stock milliseconds of a round with its step
 */
public record FitFigure(int parameters, double stepMilliseconds, Spread ring, Spread stock) {

  static FitFigure of(int parameters, FitReport report) {
    return new FitFigure(
        parameters, report.stepMilliseconds(), Spread.of(report.ring()), Spread.of(report.stock()));
  }

  /** What a round costs besides its step, milliseconds. */
  public double costOf(Spread round) {
    return round.median() - stepMilliseconds;
  }
}
