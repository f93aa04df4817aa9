package io.dropblock.spark.data;

import java.util.Locale;

/** The two parts of a data set: what a network learns from, and what it is measured on. */
public enum Split {
  /** Learned from; shuffled when it is stored and again each epoch. */
  TRAIN,
  /** Measured on; stored and read in the order of its names. */
  VAL;

  /** The word for this split in folder and file names: {@code train} or {@code val}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
