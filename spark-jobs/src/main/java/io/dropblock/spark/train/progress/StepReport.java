package io.dropblock.spark.train.progress;

import java.io.Serializable;

/**
 * What a rank tells the driver about one step.
 *
 * @param by who reports
 * @param step the number of the step in the run
 * @param loss mean loss of the rank's images, weight decay included
 * @param keptFraction the realised share of kept elements, mean over the DropBlock sites; 1 without
 *     sites
 */
public record StepReport(RankAttempt by, long step, double loss, double keptFraction)
    implements Serializable {}
