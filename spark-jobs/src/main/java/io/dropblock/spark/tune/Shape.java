package io.dropblock.spark.tune;

import io.dropblock.spark.text.Count;
import java.util.Locale;

/**
 * The executors of an application, all alike, and the ranks on them.
 *
 * @param executors how many
 * @param cores of each
 * @param taskCores of a rank, at most those of an executor
 */
public record Shape(int executors, int cores, int taskCores) {

  /**
   * @throws IllegalArgumentException if there is none, or a rank has no room
   */
  public Shape {
    if (executors < 1 || taskCores < 1 || cores < taskCores) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Invalid shape: %d executors of %d cores, %d a rank",
              executors,
              cores,
              taskCores));
    }
  }

  /** Ranks that an executor has room for. */
  public int ranksOfExecutor() {
    return cores / taskCores;
  }

  /** Ranks that all of them have room for. */
  public int taskSlots() {
    return executors * ranksOfExecutor();
  }

  /** For people. */
  String words() {
    int ranks = ranksOfExecutor();
    String each =
        ranks == 1 ? "" : String.format(Locale.ROOT, ", %d ranks in %s", ranks, one("it", "each"));
    return String.format(
        Locale.ROOT, "%s of %s%s", Count.of(executors, "executor"), Count.of(cores, "core"), each);
  }

  private String one(String one, String several) {
    return executors == 1 ? one : several;
  }
}
