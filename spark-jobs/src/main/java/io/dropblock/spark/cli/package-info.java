/**
 * The command line: one class a command. Recipes and options are translated here, at the edge, into
 * the plain arguments that everything inside takes.
 */
package io.dropblock.spark.cli;
