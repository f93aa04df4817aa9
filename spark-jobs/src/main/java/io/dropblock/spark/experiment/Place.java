package io.dropblock.spark.experiment;

import java.util.OptionalDouble;

/**
 * Where a cell stands in its experiment.
 *
 * @param cell its name
 * @param row the name of its row
 * @param x where it lies along the axis; empty if its row has one place only
 * @param seed of its run
 */
public record Place(String cell, String row, OptionalDouble x, long seed) {}
