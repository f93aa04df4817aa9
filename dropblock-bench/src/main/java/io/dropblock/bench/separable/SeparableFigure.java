package io.dropblock.bench.separable;

import io.dropblock.bench.figure.Spread;

/**
 * One measured case.
 *
 * @param forward ms of a pass, of each repetition
 * @param both ms of a pass forward and back, likewise
 */
public record SeparableFigure(SeparableCase what, Spread forward, Spread both) {}
