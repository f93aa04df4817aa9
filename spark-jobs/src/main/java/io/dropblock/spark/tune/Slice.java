package io.dropblock.spark.tune;

/**
 * Some steps of a trial, one behind the other, on all ranks.
 *
 * @param images of them
 * @param seconds that they took
 */
public record Slice(double images, double seconds) {}
