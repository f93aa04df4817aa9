/** What networks learn and how they are measured: one class a task. */
package io.dropblock.spark.objective;
