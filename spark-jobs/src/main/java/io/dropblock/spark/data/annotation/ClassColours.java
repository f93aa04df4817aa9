package io.dropblock.spark.data.annotation;

import java.awt.Color;

/** The colours in which objects of a class are shown: bright, and far apart for close labels. */
public final class ClassColours {
  private static final float HUE_STEP = 0.618034f;

  private ClassColours() {}

  /**
   * The colour of a class.
   *
   * @param label 0 or more
   */
  public static Color of(int label) {
    return Color.getHSBColor(label * HUE_STEP % 1, 0.85f, label % 2 == 0 ? 1f : 0.8f);
  }
}
