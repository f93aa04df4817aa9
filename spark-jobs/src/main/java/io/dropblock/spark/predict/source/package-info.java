/**
 * Images to be predicted, wherever they lie: folders, tars, tables and data sets, listed by the
 * driver and shared out in parts that tasks read.
 */
package io.dropblock.spark.predict.source;
