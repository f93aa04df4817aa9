/** Executors that compute on GPUs: what they need, and whether a host has it. */
package io.dropblock.spark.gpu;
