/** Ranks that call each other on trial, both ways, as the ring does. */
package io.dropblock.spark.preflight.reach;
