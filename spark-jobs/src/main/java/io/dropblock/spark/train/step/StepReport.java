package io.dropblock.spark.train.step;

import java.io.Serializable;

/**
 * What a rank tells the driver about one step.
 *
 * @param step the number of the step in the run
 * @param loss mean loss of the rank's images, weight decay included
 * @param keptFraction the realised share of kept elements, mean over the DropBlock sites; 1 without
 *     sites
 */
record StepReport(long step, double loss, double keptFraction) implements Serializable {}
