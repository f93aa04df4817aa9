/** What is done in each task slot of the executors, and what it reads there. */
package io.dropblock.spark.preflight.slot;
