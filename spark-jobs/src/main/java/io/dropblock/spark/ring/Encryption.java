package io.dropblock.spark.ring;

/** Whether what ranks send each other is encrypted; the same on all ranks of a ring. */
public enum Encryption {
  /**
   * As Spark's own connections are, which is settled before ranks meet. Ranks that meet without
   * Spark send in the clear.
   */
  AUTO,

  /**
   * Always. Needs a {@link RingSecret}: keys that anybody can agree on hide nothing from anybody.
   */
  ON,

  /** Never. */
  OFF
}
