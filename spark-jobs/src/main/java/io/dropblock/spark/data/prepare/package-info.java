/**
 * From a listing of raw images to a stored data set, as jobs on the cluster that begin again where
 * they ended. {@link io.dropblock.spark.data.prepare.Preparation} is the place to start reading.
 */
package io.dropblock.spark.data.prepare;
