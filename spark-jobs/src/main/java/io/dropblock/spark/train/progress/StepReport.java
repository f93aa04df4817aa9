package io.dropblock.spark.train.progress;

import io.dropblock.nn.phase.PhaseTimes;
import java.io.Serializable;

/**
 * What a rank tells the driver about one step.
 *
 * @param by who reports
 * @param step the number of the step in the run
 * @param batches micro-batches of the step that the rank has trained: what the next two count in a
 *     mean over ranks
 * @param loss mean loss of the rank's images, weight decay included
 * @param keptFraction the realised share of kept elements, mean over the DropBlock sites; 1 without
 *     sites
 * @param times where the time of the step went on this rank
 * @param starved micro-batches that were not ready when the rank asked for them
 * @param memory bytes of the rank's process outside its heap, as {@link NativeMemory} has them
 * @param time when the step was done, by the rank's clock: milliseconds since 1970
 */
public record StepReport(
    RankAttempt by,
    long step,
    int batches,
    double loss,
    double keptFraction,
    PhaseTimes times,
    long starved,
    long memory,
    long time)
    implements Serializable {}
