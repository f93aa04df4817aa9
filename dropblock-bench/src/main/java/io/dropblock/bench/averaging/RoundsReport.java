package io.dropblock.bench.averaging;

import java.util.List;

/**
 * What a process says of its rounds.
 *
 * @param milliseconds of each round that counts
 * @param cpuMilliseconds of the whole process, its share a round
 * @param bytesSent a round
 * @param residentGrowth of the resident size without garbage, from {@link
 *     RoundsJob#roundsUntilSettled} to the last round, MiB
 * @param heapGrowth of the heap without garbage, likewise, MiB
 */
record RoundsReport(
    List<Double> milliseconds,
    double cpuMilliseconds,
    long bytesSent,
    double residentGrowth,
    double heapGrowth) {}
