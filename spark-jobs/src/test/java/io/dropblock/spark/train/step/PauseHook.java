package io.dropblock.spark.train.step;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.deeplearning4j.nn.graph.ComputationGraph;

/** Ranks of this JVM wait before a step until somebody lets them go on. */
final class PauseHook extends RankHook {
  private static final long serialVersionUID = 1L;
  private static volatile CountDownLatch gate = new CountDownLatch(1);

  private final long step;

  PauseHook(long step) {
    this.step = step;
    gate = new CountDownLatch(1);
  }

  static void goOn() {
    gate.countDown();
  }

  @Override
  void before(StepBatch batch, ComputationGraph network) {
    if (batch.step() == step) {
      try {
        if (!gate.await(1, TimeUnit.MINUTES)) {
          throw new IllegalStateException("Cannot go on with step " + step + ": nobody says so");
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
    }
  }
}
