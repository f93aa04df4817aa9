package io.dropblock.spark.train;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.nd4j.linalg.activations.impl.ActivationTanH;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The hyperbolic tangent, until it was told to fail: a rank of this JVM that dies in a step, as its
 * disk fails, or its program.
 */
public final class FailingActivation extends ActivationTanH {
  private static final long serialVersionUID = 1L;
  private static final AtomicInteger UNTIL = new AtomicInteger();
  private static volatile int times;
  private static volatile boolean ofProgram;

  /**
   * As a host fails.
   *
   * @param calls forward passes of all ranks together that succeed
   * @param failures how many fail then
   */
  static void failAfter(int calls, int failures) {
    UNTIL.set(calls);
    times = failures;
    ofProgram = false;
  }

  /** As a program fails: each time, from the first forward pass on. */
  static void failAlways() {
    failAfter(0, Integer.MAX_VALUE);
    ofProgram = true;
  }

  /** Forward passes that have failed, since it was told to do so always. */
  static int failed() {
    return Integer.MAX_VALUE - times;
  }

  @Override
  public INDArray getActivation(INDArray in, boolean training) {
    if (training && times > 0 && UNTIL.getAndDecrement() <= 0) {
      synchronized (UNTIL) {
        times--;
      }
      if (ofProgram) {
        throw new IllegalStateException("Cannot train: told to fail");
      }
      try {
        Files.readString(Path.of("/nowhere"));
      } catch (IOException e) {
        throw new UncheckedIOException("told to fail", e);
      }
    }
    return super.getActivation(in, training);
  }
}
