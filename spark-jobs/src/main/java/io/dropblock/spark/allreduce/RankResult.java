package io.dropblock.spark.allreduce;

import io.dropblock.nn.NetworkState;
import java.io.Serializable;

/**
 * What a rank hands back.
 *
 * @param rank from 0
 * @param host where it ran
 * @param steps that it trained, the same on all ranks
 * @param unused batches that it had and did not train, as another rank had none, or one of another
 *     size
 * @param stopped whether a {@link StoppingHook} ended its steps, on whichever rank
 * @param score of its last step as its part of the mean over ranks; NaN without a step
 * @param scores sum of that over all steps
 * @param checksum of its parameters, updater state and moving average
 * @param state of the network on rank 0, null on the others
 */
record RankResult(
    int rank,
    String host,
    long steps,
    long unused,
    boolean stopped,
    double score,
    double scores,
    long checksum,
    NetworkState state)
    implements Serializable {}
