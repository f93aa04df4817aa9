/**
 * An experiment as a YAML file, read strictly into records: an unknown key is an error with the
 * nearest name, all problems are told at once. Knows nothing of data, models or training; {@code
 * cli} translates the records into plain arguments.
 */
package io.dropblock.spark.recipe;
