/**
 * From the bytes of a JPEG or PNG to the numbers that a network sees: decode, cut, scale, mirror,
 * normalise. All of it pure functions of the image and the random numbers passed in.
 */
package io.dropblock.spark.data.image;
