/**
 * A training master for dl4j-spark that averages on a ring: one Spark job for all batches it is
 * given, one barrier task a rank, and nothing through the driver but the state at the start and the
 * end. See {@link io.dropblock.spark.allreduce.RingTrainingMaster}.
 */
package io.dropblock.spark.allreduce;
