package io.dropblock.bench.op;

import io.dropblock.bench.figure.TensorShape;

/**
 * One measured case: milliseconds a call, over all calls of the measured iterations.
 *
 * @param threads threads it ran on
 * @param median half of the calls took longer
 * @param fastest the shortest call
 * @param slowTenth a tenth of the calls took longer
 * @param calls number of calls
 */
public record OpFigure(
    OpCase what,
    TensorShape shape,
    int threads,
    double median,
    double fastest,
    double slowTenth,
    long calls) {}
