package io.dropblock.spark.train.step;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.spark.api.TrainingHook;
import org.nd4j.linalg.dataset.api.DataSet;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/** Ranks of this JVM wait before a step until somebody lets them go on. */
final class PauseHook implements TrainingHook {
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
  public void preUpdate(MultiDataSet minibatch, Model model) {
    if (((StepBatch) minibatch).step() == step) {
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

  @Override
  public void postUpdate(MultiDataSet minibatch, Model model) {}

  @Override
  public void preUpdate(DataSet minibatch, Model model) {}

  @Override
  public void postUpdate(DataSet minibatch, Model model) {}
}
