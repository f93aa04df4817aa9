package io.dropblock.spark.objective;

import java.util.Locale;

/** Which of the objects that were found people are shown, and with which words. */
public final class DetectionMarks {
  /** Much is found with a low score, and much of that is wrong. */
  public static final double LEAST_SCORE = .4;

  /** Of each picture; more would hide it. */
  public static final int MOST = 30;

  private DetectionMarks() {}

  /** What stands beside the box of an object that was found. */
  public static String text(String name, double score) {
    return String.format(Locale.ROOT, "%s %.2f", name, score);
  }
}
