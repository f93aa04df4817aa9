/** Accuracy of a network on the cluster. */
package io.dropblock.spark.evaluate;
