package io.dropblock.spark.recipe.grid;

import io.dropblock.spark.recipe.Recipe;
import java.util.OptionalDouble;

/**
 * One training of an experiment.
 *
 * @param name of its run folder, {@code dropblock-0.9-seed1}; the recipe has it too
 * @param row the name of its row
 * @param x where it lies along the axis; empty if its row has one place only
 * @param seed of the run
 * @param init whether it begins with a trained network
 * @param recipe with all settings and the seed
 */
public record Cell(
    String name, String row, OptionalDouble x, long seed, boolean init, Recipe recipe) {}
