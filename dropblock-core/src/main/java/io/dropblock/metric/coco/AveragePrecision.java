package io.dropblock.metric.coco;

import io.dropblock.metric.Metric;
import io.dropblock.metric.Scores;
import java.util.List;

/** COCO's twelve numbers for boxes. */
public final class AveragePrecision implements Metric<AveragePrecision> {
  private static final long serialVersionUID = 1L;

  /**
   * @param categories their names by index
   */
  public AveragePrecision(List<String> categories) {
    throw new UnsupportedOperationException();
  }

  /**
   * Adds an image.
   *
   * @param image its number, by which ties are ordered; each only once
   * @return this
   */
  public AveragePrecision add(long image, TrueObjects truth, FoundObjects found) {
    throw new UnsupportedOperationException();
  }

  /** Adds an image for which an output is not finite: all scores are NaN from now on. */
  public AveragePrecision addNotFinite() {
    throw new UnsupportedOperationException();
  }

  @Override
  public AveragePrecision merge(AveragePrecision other) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Scores scores() {
    throw new UnsupportedOperationException();
  }
}
