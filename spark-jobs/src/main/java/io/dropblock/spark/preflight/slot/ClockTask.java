package io.dropblock.spark.preflight.slot;

import java.io.Serializable;
import org.apache.spark.BarrierTaskContext;
import org.apache.spark.SparkEnv;

/** Asks an executor for the time; quick, so that the driver's own look is close to it. */
public record ClockTask() implements SlotTask<ClockTask.Seen> {

  /**
   * An answer.
   *
   * @param executor for people
   * @param millis since 1970, by its clock
   */
  public record Seen(String executor, long millis) implements Serializable {}

  @Override
  public Seen run(BarrierTaskContext task) {
    return new Seen(
        ExecutorFacts.name(
            SparkEnv.get().executorId(), SparkEnv.get().blockManager().blockManagerId().host()),
        System.currentTimeMillis());
  }
}
