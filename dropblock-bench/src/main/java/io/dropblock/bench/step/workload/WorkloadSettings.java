package io.dropblock.bench.step.workload;

import io.dropblock.bench.figure.TensorShape;

/**
 * What a network does.
 *
 * @param kind training or inference
 * @param model name of a {@link StepModel}
 * @param images shape of a batch
 * @param helpers whether DL4J's oneDNN helpers are on, and our own layers at work
 * @param dropBlock whether the network drops
 */
public record WorkloadSettings(
    StepKind kind, String model, TensorShape images, boolean helpers, boolean dropBlock) {

  /** What its batches take outside the heap, MiB. */
  public long batchesMib() {
    return SyntheticBatches.BATCHES * ((long) images.elements() * Float.BYTES >> 20);
  }
}
