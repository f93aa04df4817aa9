package io.dropblock.spark.train;

import io.dropblock.spark.train.event.RunEvent;
import java.util.function.Consumer;

/** Passes on events of this thread and of Spark's that tells the progress. */
record OneAtATime(Consumer<RunEvent> events) implements Consumer<RunEvent> {

  @Override
  public synchronized void accept(RunEvent event) {
    events.accept(event);
  }
}
