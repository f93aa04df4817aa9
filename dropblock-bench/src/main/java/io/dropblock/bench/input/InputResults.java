package io.dropblock.bench.input;

import io.dropblock.bench.figure.Machine;
import io.dropblock.bench.figure.Target;
import java.util.List;

/**
 * The figures of one run.
 *
 * @param images of the data set's training split
 * @param decoder what decodes JPEGs, in words
 * @param figures one for each case, in their order
 * @param growth of the resident size over the plan's epochs, MiB
 */
public record InputResults(
    InputPlan plan,
    Machine machine,
    long images,
    String decoder,
    List<InputFigure> figures,
    double growth) {
  /** The least share of the rate of decoding and augmenting alone that a feed shall have. */
  private static final double LEAST_SHARE = 0.95;

  /** Copies the list. */
  public InputResults {
    figures = List.copyOf(figures);
  }

  /** Images a second on each of the threads. */
  double aCore(InputFigure figure) {
    return figure.imagesPerSecond().median() / plan.threads();
  }

  /** What part of the rate of decoding and augmenting the feed has. */
  Target target() {
    return Target.atLeast(
        "feed / decode and augment",
        median(InputCase.FEED) / median(InputCase.SAMPLE),
        LEAST_SHARE);
  }

  private double median(InputCase what) {
    return figures.stream()
        .filter(figure -> figure.what() == what)
        .mapToDouble(figure -> figure.imagesPerSecond().median())
        .findFirst()
        .orElse(Double.NaN);
  }
}
