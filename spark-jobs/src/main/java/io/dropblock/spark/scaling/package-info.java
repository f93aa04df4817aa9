/**
 * How training scales, on paper: what a step and a run of any number of ranks take, from constants
 * that were measured with one and two, and what stragglers and failures cost. Plain numbers in
 * seconds and bytes; knows no Spark and no file. The formulas are in docs/scaling.md.
 */
package io.dropblock.spark.scaling;
