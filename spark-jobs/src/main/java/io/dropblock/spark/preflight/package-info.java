/** Whether a cluster can train, looked at before a training begins: one small class a check. */
package io.dropblock.spark.preflight;
