package io.dropblock.nn;

import java.util.List;
import java.util.Locale;

/**
 * One of several copies of a network that are trained side by side and averaged. The copies of DL4J
 * know no number of theirs, so those that count for themselves would all draw the same masks.
 */
final class CopiedNetwork {
  /** Who trains copies: DL4J's ParallelWrapper, and any Spark task. */
  private static final List<String> TRAINERS =
      List.of("org.deeplearning4j.parallelism.trainer.", "org.apache.spark.scheduler.Task");

  private CopiedNetwork() {}

  /**
   * @throws IllegalStateException if the calling thread trains a copy
   */
  static void refuse(String kind, String name) {
    boolean copy =
        StackWalker.getInstance()
            .walk(
                frames ->
                    frames
                        .map(StackWalker.StackFrame::getClassName)
                        .anyMatch(of -> TRAINERS.stream().anyMatch(of::startsWith)));
    if (copy) {
      throw new IllegalStateException(
          String.format(
              Locale.ROOT,
              "Cannot apply %s '%s' by its own schedule: this network is one of several copies,"
                  + " which would draw the same masks; call DropBlockSites.set before each step,"
                  + " with another firstSample for each copy",
              kind,
              name));
    }
  }
}
