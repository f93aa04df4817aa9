/**
 * What training images go through behind their crop: policies of operations, erased places,
 * distorted colours. All of it pure functions of the square and the random numbers passed in.
 */
package io.dropblock.spark.data.image.augment;
