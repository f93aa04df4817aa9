/** The executors of a run: which there are, which fail, and which to do without. */
package io.dropblock.spark.cluster;
