/** What Spark gives to a task, and what the task makes of it. */
package io.dropblock.spark.rank;
