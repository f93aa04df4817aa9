/**
 * Images of a micro-batch mixed with each other. All of it pure functions of the images and the
 * random numbers passed in.
 */
package io.dropblock.spark.data.image.mix;
