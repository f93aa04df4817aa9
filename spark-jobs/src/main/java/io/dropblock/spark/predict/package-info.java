/**
 * What a trained network says of many images, on the cluster: images from wherever they lie, a row
 * for each, written as Parquet.
 */
package io.dropblock.spark.predict;
