package io.dropblock.bench.input;

import io.dropblock.bench.figure.Spread;

/**
 * One measured case.
 *
 * @param imagesPerSecond of all threads together, of each repetition
 */
public record InputFigure(InputCase what, Spread imagesPerSecond) {}
