/** What happens in a run, and the log of it. */
package io.dropblock.spark.train.event;
