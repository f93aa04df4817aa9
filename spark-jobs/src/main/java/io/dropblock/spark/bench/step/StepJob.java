package io.dropblock.spark.bench.step;

import io.dropblock.spark.bench.TensorShape;

/**
 * What one process measures.
 *
 * @param kind training or inference
 * @param model name of a {@link StepModel}
 * @param images shape of a batch
 * @param threads of ND4J, OpenMP, OpenBLAS and the JVM
 * @param helpers whether DL4J's oneDNN helpers are on
 * @param dropBlock whether the network drops
 * @param pace how long
 */
record StepJob(
    StepKind kind,
    String model,
    TensorShape images,
    int threads,
    boolean helpers,
    boolean dropBlock,
    StepPace pace) {}
