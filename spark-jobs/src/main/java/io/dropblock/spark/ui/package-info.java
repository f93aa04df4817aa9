/** The tab "Training" of the Spark UI and of the history server. */
package io.dropblock.spark.ui;
