/**
 * YAML to records and back, for any records: strict, all problems told at once, each in one line
 * with the nearest name. Knows no recipe.
 */
package io.dropblock.spark.recipe.yaml;
