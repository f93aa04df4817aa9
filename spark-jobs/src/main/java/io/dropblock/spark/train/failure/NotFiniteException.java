package io.dropblock.spark.train.failure;

import java.util.Locale;
import java.util.Optional;

/**
 * A step left a number that is NaN or infinite. It is a failure of the recipe, not of a host: the
 * same step would do the same again.
 */
public final class NotFiniteException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private static final String NAME = NotFiniteException.class.getSimpleName() + ": ";

  private NotFiniteException(String message) {
    super(message);
  }

  /**
   * @param what holds the number, such as {@code the loss}
   * @param stepsDone of the run
   */
  public static NotFiniteException after(String what, long stepsDone) {
    return new NotFiniteException(
        String.format(Locale.ROOT, "%s is not finite after step %d", what, stepsDone));
  }

  /**
   * @param rank where it was seen; others may have it, too
   */
  public static NotFiniteException after(String what, long stepsDone, int rank) {
    return new NotFiniteException(
        String.format(
            Locale.ROOT, "%s is not finite after step %d on rank %d", what, stepsDone, rank));
  }

  /** The message of the one that made a job fail, if one did. */
  public static Optional<String> messageIn(Throwable failure) {
    for (Throwable at = failure; at != null; at = at.getCause()) {
      Optional<String> told =
          at instanceof NotFiniteException
              ? Optional.of(at.getMessage())
              : messageIn(String.valueOf(at.getMessage()));
      if (told.isPresent()) {
        return told;
      }
    }
    return Optional.empty();
  }

  /**
   * Of a barrier stage Spark tells no exceptions, but their text after the names of their classes.
   */
  public static Optional<String> messageIn(String reason) {
    return reason
        .lines()
        .filter(line -> line.contains(NAME))
        .map(line -> line.substring(line.indexOf(NAME) + NAME.length()))
        .findFirst();
  }
}
