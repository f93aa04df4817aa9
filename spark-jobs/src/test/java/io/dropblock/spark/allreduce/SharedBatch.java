package io.dropblock.spark.allreduce;

import java.util.List;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/** What a rank has of a step: micro-batches of the same size. */
final class SharedBatch extends org.nd4j.linalg.dataset.MultiDataSet implements AccumulatedBatch {
  private static final long serialVersionUID = 1L;

  private final List<MultiDataSet> parts;
  private final long firstSample;
  private final long samplesOfStep;

  SharedBatch(List<DataSet> parts, long firstSample, long samplesOfStep) {
    super(parts.get(0).getFeatures(), parts.get(0).getLabels());
    this.parts = List.copyOf(parts.stream().map(DataSet::toMultiDataSet).toList());
    this.firstSample = firstSample;
    this.samplesOfStep = samplesOfStep;
  }

  @Override
  public Iterable<MultiDataSet> microBatches() {
    return parts;
  }

  @Override
  public long firstSample() {
    return firstSample;
  }

  @Override
  public long samples() {
    return parts.stream().mapToLong(part -> part.getFeatures(0).size(0)).sum();
  }

  @Override
  public long samplesOfStep() {
    return samplesOfStep;
  }

  @Override
  public void done() {}
}
