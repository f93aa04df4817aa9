package io.dropblock.bench.step;

import io.dropblock.bench.step.workload.WorkloadSettings;

/**
 * What one process measures.
 *
 * @param workload what its network does
 * @param threads of ND4J, OpenMP, OpenBLAS and the JVM
 * @param pace how long
 */
record StepJob(WorkloadSettings workload, int threads, StepPace pace) {}
