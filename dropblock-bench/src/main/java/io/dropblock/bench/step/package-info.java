/**
 * Measurements of whole training steps and of inference: a plan, the JVM of each rank, whose
 * network is one of {@code workload}, and the table that comes out.
 */
package io.dropblock.bench.step;
