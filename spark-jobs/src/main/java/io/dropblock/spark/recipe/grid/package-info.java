/** Grids of recipes, settings and seeds, which become the cells of an experiment. */
package io.dropblock.spark.recipe.grid;
