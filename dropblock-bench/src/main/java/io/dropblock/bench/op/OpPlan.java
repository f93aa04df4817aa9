package io.dropblock.bench.op;

import io.dropblock.bench.figure.TensorShape;
import java.util.List;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * How much is measured.
 *
 * @param shapes tensors, one after the other
 * @param threads numbers of threads, one after the other
 * @param forks JVMs of its own for every case; 0 to measure in this one, for tests
 * @param warmUps iterations before those that count
 * @param iterations iterations that count
 * @param time how long an iteration is
 */
public record OpPlan(
    List<TensorShape> shapes,
    List<Integer> threads,
    int forks,
    int warmUps,
    int iterations,
    TimeValue time) {

  /**
   * Copies the lists.
   *
   * @throws IllegalArgumentException if there is nothing to measure
   */
  public OpPlan {
    shapes = List.copyOf(shapes);
    threads = List.copyOf(threads);
    if (shapes.isEmpty() || threads.isEmpty() || iterations < 1) {
      throw new IllegalArgumentException("Cannot measure nothing");
    }
  }

  /** Twenty minutes for the default shapes on one and two threads. */
  public static OpPlan thorough(List<TensorShape> shapes, List<Integer> threads) {
    return new OpPlan(shapes, threads, 1, 3, 5, TimeValue.seconds(1));
  }

  /** Enough to see that it works, in a quarter of the time. */
  public static OpPlan quick(List<TensorShape> shapes, List<Integer> threads) {
    return new OpPlan(shapes, threads, 1, 1, 2, TimeValue.milliseconds(300));
  }

  int cells() {
    return shapes.size() * threads.size() * OpCase.values().length;
  }
}
