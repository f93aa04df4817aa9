/**
 * Where predictions are written to: a folder beside the output, with a note on each part that is
 * done, so that a command that was cut off goes on with the others.
 */
package io.dropblock.spark.predict.output;
