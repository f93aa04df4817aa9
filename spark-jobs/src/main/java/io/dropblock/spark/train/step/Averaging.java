package io.dropblock.spark.train.step;

import io.dropblock.spark.allreduce.RingAveraging;
import io.dropblock.spark.allreduce.RingTrainingMaster;
import io.dropblock.spark.ring.PortRange;
import io.dropblock.spark.ring.RingSettings;
import org.deeplearning4j.spark.api.RDDTrainingApproach;
import org.deeplearning4j.spark.api.Repartition;
import org.deeplearning4j.spark.api.TrainingMaster;
import org.deeplearning4j.spark.impl.paramavg.ParameterAveragingTrainingMaster;

/**
 * How ranks come together.
 *
 * @param way by whom
 * @param every steps between two averagings, at least 1
 * @param ports that ranks of a ring listen on when they meet
 * @param ring how a ring works
 */
public record Averaging(Way way, int every, PortRange ports, RingSettings ring) {

  /** Who averages. */
  public enum Way {
    /** Ranks among themselves: {@link RingTrainingMaster}. */
    RING,
    /** The driver, by dl4j-spark's own {@link ParameterAveragingTrainingMaster}. */
    STOCK
  }

  /**
   * @throws IllegalArgumentException if {@code every} is below 1
   */
  public Averaging {
    if (every < 1) {
      throw new IllegalArgumentException("Invalid averaging: every " + every + " steps");
    }
  }

  /** On any free ports, exact, with a ring's own time-outs. */
  public static Averaging of(Way way, int every) {
    return new Averaging(way, every, PortRange.any(), RingSettings.defaults());
  }

  /**
   * A master that takes one {@link StepBatch} as one object, in the partitions it is given.
   *
   * @param localBatch images of a step's first micro-batch, which is all that the master sees
   */
  public TrainingMaster<?, ?> master(int world, int localBatch) {
    return switch (way) {
      case RING -> new RingTrainingMaster(new RingAveraging(world, every, ports, ring));
      case STOCK -> new StockMaster(stock(world, localBatch));
    };
  }

  /**
   * Whether the result depends on the number of ranks, which go own ways between two averagings.
   */
  public boolean bindsWorld() {
    return every > 1 || way == Way.STOCK;
  }

  /** A number of steps, rounded up to whole rounds. */
  public int wholeRounds(int steps) {
    return Math.multiplyExact((steps + every - 1) / every, every);
  }

  /**
   * Steps that a master is given at a time: the stock one would put those of several rounds in
   * random order.
   */
  int stepsAtATime(int stepsOfEpoch) {
    return way == Way.STOCK ? every : stepsOfEpoch;
  }

  ParameterAveragingTrainingMaster.Builder stock(int world, int localBatch) {
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
