package io.dropblock.spark.scaling.comparison;

/**
 * A training, as its log tells of it.
 *
 * @param name of its recipe
 * @param world number of ranks
 * @param slots micro-batches of a step
 * @param localBatch images of one
 * @param parameters that a step sums
 * @param images of an epoch
 * @param epochs of the run
 * @param step seconds of a step
 * @param microBatch seconds of a slot on a rank: its images, forward, backward
 * @param update seconds of the update in a step
 * @param together seconds of a step that a rank sums and waits for others, the mean of the ranks
 * @param spread deviation of a step's time as a share of its mean; NaN where nobody can tell
 * @param epochSeconds of an epoch besides steps and evaluation
 * @param evaluation seconds that one rank would take for an evaluation; 0 if none was done
 */
public record MeasuredRun(
    String name,
    int world,
    int slots,
    int localBatch,
    long parameters,
    long images,
    int epochs,
    double step,
    double microBatch,
    double update,
    double together,
    double spread,
    double epochSeconds,
    double evaluation) {}
