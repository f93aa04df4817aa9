package io.dropblock.spark.preflight.finding;

/** What came of a check. */
public enum Verdict {
  /** Nothing to do. */
  OK("ok"),
  /** A training will go, but slower or less safely than it could. */
  WARNING("warning"),
  /** A training would fail, or its results would be wrong. */
  FAULT("fault"),
  /** Nothing is known. */
  NOT_CHECKED("not checked");

  private final String word;

  Verdict(String word) {
    this.word = word;
  }

  /** For people and programs. */
  public String word() {
    return word;
  }
}
