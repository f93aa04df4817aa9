/** Networks at work on synthetic batches: training by phase, and inference; ours, and DL4J's. */
package io.dropblock.bench.step.workload;
