package io.dropblock.bench.averaging.fit;

import java.util.List;

/**
 * The fits of one network.
 *
 * @param stepMilliseconds a step on its own, with all ranks at once and nothing averaged
 * @param ring milliseconds of a round of {@link io.dropblock.spark.allreduce.RingTrainingMaster},
 *     with its step, of each repetition
 * @param stock of dl4j-spark's {@code ParameterAveragingTrainingMaster}, likewise
 */
record FitReport(double stepMilliseconds, List<Double> ring, List<Double> stock) {}
