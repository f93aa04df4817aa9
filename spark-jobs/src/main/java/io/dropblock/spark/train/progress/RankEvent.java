package io.dropblock.spark.train.progress;

import io.dropblock.spark.train.event.RunEvent;
import java.io.Serializable;

/**
 * A message from a rank to the driver: something happened that is not a step.
 *
 * @param job what it is for, see {@link ReportInbox#open}
 * @param event what happened
 */
public record RankEvent(String job, RunEvent event) implements Serializable {}
