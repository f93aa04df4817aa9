package io.dropblock.spark.cluster;

import io.dropblock.spark.text.ForeseenException;

/** The cluster is not what a run needs; the message is one line that says what and how. */
public final class ClusterException extends ForeseenException {
  private static final long serialVersionUID = 1L;

  public ClusterException(String message) {
    super(message);
  }

  public ClusterException(String message, Throwable cause) {
    super(message, cause);
  }
}
