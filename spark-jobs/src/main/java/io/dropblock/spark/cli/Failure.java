package io.dropblock.spark.cli;

import io.dropblock.spark.bench.step.MeasurementException;
import io.dropblock.spark.cluster.ClusterException;
import io.dropblock.spark.cluster.ExecutorLoss;
import io.dropblock.spark.data.DataException;
import io.dropblock.spark.files.AddressException;
import io.dropblock.spark.recipe.yaml.RecipeException;
import io.dropblock.spark.train.TrainingException;
import java.util.Locale;
import java.util.Optional;

/** What a user is told of a failure. */
final class Failure {
  private Failure() {}

  /**
   * The message of the outermost error that was made for people, which has the others' in it; an
   * error that nobody foresaw is named by its class.
   */
  static String message(Throwable error) {
    Throwable innermost = error;
    for (Throwable at = error; at != null; at = at.getCause()) {
      if (at instanceof DataException
          || at instanceof AddressException
          || at instanceof RecipeException
          || at instanceof TrainingException
          || at instanceof ClusterException
          || at instanceof MeasurementException) {
        return at.getMessage();
      }
      innermost = at;
    }
    Optional<String> memory = ExecutorLoss.ofMemory(String.valueOf(innermost.getMessage()));
    if (memory.isPresent()) {
      return "Cannot go on: " + memory.get();
    }
    String reason = firstLine(innermost);
    return String.format(
        Locale.ROOT,
        "%s%s (%s); add --verbose for the stack trace",
        reason.startsWith("Cannot ") ? "" : "Cannot go on: ",
        reason,
        innermost.getClass().getSimpleName());
  }

  private static String firstLine(Throwable error) {
    String message = error.getMessage();
    return message == null ? "no reason given" : message.lines().findFirst().orElse("");
  }
}
