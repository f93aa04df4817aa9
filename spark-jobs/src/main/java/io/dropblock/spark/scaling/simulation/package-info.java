/** Runs in which hosts fail, step by step: how much time they lose, and to what. */
package io.dropblock.spark.scaling.simulation;
