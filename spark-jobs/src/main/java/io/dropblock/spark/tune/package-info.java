/**
 * Which settings train a recipe fastest on a cluster, found by trials: what may be tried, what a
 * trial's steps tell of its speed, and which of two is faster. Plain data; knows no recipes and
 * starts nothing.
 */
package io.dropblock.spark.tune;
