package io.dropblock.spark.train;

import org.deeplearning4j.spark.api.RDDTrainingApproach;
import org.deeplearning4j.spark.api.Repartition;
import org.deeplearning4j.spark.api.TrainingMaster;
import org.deeplearning4j.spark.impl.paramavg.ParameterAveragingTrainingMaster;

/**
 * How ranks come together: parameters and updater state are averaged every k steps, by dl4j-spark's
 * own {@link ParameterAveragingTrainingMaster}.
 *
 * @param every steps between two averagings, at least 1
 */
public record Averaging(int every) {

  /**
   * @throws IllegalArgumentException if it is below 1
   */
  public Averaging {
    if (every < 1) {
      throw new IllegalArgumentException("Invalid averaging: every " + every + " steps");
    }
  }

  /**
   * A master that takes one {@link StepBatch} as one object, in the partitions it is given.
   *
   * @param localBatch images of a step's first micro-batch, which is all that the master sees
   */
  TrainingMaster<?, ?> master(int world, int localBatch) {
    return new AveragingMaster(settings(world, localBatch));
  }

  ParameterAveragingTrainingMaster.Builder settings(int world, int localBatch) {
    return new ParameterAveragingTrainingMaster.Builder(world, localBatch)
        .batchSizePerWorker(localBatch)
        .averagingFrequency(every)
        .workerPrefetchNumBatches(0)
        .saveUpdater(true)
        .repartionData(Repartition.Never)
        .rddTrainingApproach(RDDTrainingApproach.Direct)
        .storageLevel(null)
        .storageLevelStreams(null);
  }
}
