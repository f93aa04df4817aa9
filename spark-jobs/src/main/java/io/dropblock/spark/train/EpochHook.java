package io.dropblock.spark.train;

import io.dropblock.spark.train.event.RunEvent;
import io.dropblock.spark.train.step.StepHook;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Consumer;

/** What a run does besides its steps. The hooks of a run are a list, called in its order. */
public interface EpochHook {

  /**
   * What is to be done within an epoch that begins. Of an open epoch before, {@link #after} may be
   * at work on another thread.
   */
  default Optional<StepHook> within(EpochBegin begin) throws IOException {
    return Optional.empty();
  }

  /**
   * Called when ranks begin to train, and when others go on.
   *
   * @param world number of ranks
   */
  default void begin(int world) {}

  /**
   * Whether what it does at the end of an epoch has task slots of its own. Where one hook has, all
   * of them do their work beside the steps of the next epoch, on another thread.
   */
  default boolean hasOwnSlots() {
    return false;
  }

  /** The word for what it does at the end of an epoch, where its time is told. */
  String work();

  /**
   * Called when the steps of an epoch are done, on the driver; of one epoch after the other.
   *
   * @param end what is known of the epoch
   * @param events told of what people should know
   * @return the same, with what this hook found out
   */
  EpochEnd after(EpochEnd end, Consumer<RunEvent> events) throws IOException;

  /**
   * Called on the driver when an epoch ends before its time, as somebody told ranks or the run to
   * stop.
   *
   * @param stopped how far it came
   * @param events told of what people should know
   */
  default void stopped(StoppedEpoch stopped, Consumer<RunEvent> events) throws IOException {}

  /**
   * Called when the run has done its last epoch, or ends before, or begins again behind a failure:
   * what was begun and goes on is waited for.
   *
   * @param events told of what people should know
   */
  default void end(Consumer<RunEvent> events) throws IOException {}
}
