package io.dropblock.spark.train.step;

import io.dropblock.nn.FloatArrays;
import io.dropblock.spark.allreduce.AccumulatedBatch;
import io.dropblock.spark.data.feed.Batch;
import io.dropblock.spark.data.feed.Feed;
import io.dropblock.spark.objective.Labels;
import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.util.Iterator;
import java.util.Locale;
import java.util.NoSuchElementException;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/**
 * A rank's images of one step, as dl4j-spark takes them: the first micro-batch, which knows which
 * step it is for and where the others come from.
 */
final class StepBatch extends org.nd4j.linalg.dataset.MultiDataSet implements AccumulatedBatch {
  /** What somebody did with batches who sees them in a wrong order, or in another task. */
  static final String NOT_FITTED =
      "batches of a prepared data set are for fitMultiDataSet, with as many ranks as they were made"
          + " for; do not collect, cache or repartition them";

  private static final long serialVersionUID = 1L;

  private final long step;
  private final long firstSample;
  private final Labels labels;
  private final int others;
  private final long samplesOfStep;
  private final long samples;
  private final transient Feed feed;
  private final long starvedBefore;
  private transient Batch reading;

  /**
   * @param feed the rank's batches, from this step's first on, of which it takes that one now
   * @param own micro-batches of the step that are the rank's, at least 1
   * @param samplesOfStep images of the step on all ranks
   * @param labels what the network learns from its targets
   */
  static StepBatch next(Feed feed, int own, long samplesOfStep, Labels labels) {
    long starved = feed.starvedSteps();
    return new StepBatch(feed.next(), feed, own - 1, samplesOfStep, labels, starved);
  }

  private StepBatch(
      Batch first, Feed feed, int others, long samplesOfStep, Labels labels, long starvedBefore) {
    super(features(first), labels.labels(first.targets()));
    this.step = first.step();
    this.firstSample = first.firstSample();
    this.labels = labels;
    this.others = others;
    this.samplesOfStep = samplesOfStep;
    this.samples = Math.multiplyExact(first.size(), others + 1L);
    this.feed = feed;
    this.starvedBefore = starvedBefore;
    this.reading = first;
  }

  private static INDArray[] features(Batch batch) {
    return new INDArray[] {
      FloatArrays.over(
          batch.pixels(), batch.size(), batch.channels(), batch.height(), batch.width())
    };
  }

  /** The number of the step in the run. */
  long step() {
    return step;
  }

  @Override
  public long firstSample() {
    return firstSample;
  }

  /** How many of its micro-batches were not ready when they were asked for, so far. */
  long starved() {
    return feed.starvedSteps() - starvedBefore;
  }

  /** Its micro-batches. */
  int size() {
    return others + 1;
  }

  @Override
  public long samples() {
    return samples;
  }

  @Override
  public long samplesOfStep() {
    return samplesOfStep;
  }

  /** Each one behind the first is taken from the feed when asked for. */
  @Override
  public Iterable<MultiDataSet> microBatches() {
    return () ->
        new Iterator<>() {
          private int given;

          @Override
          public boolean hasNext() {
            return given <= others;
          }

          @Override
          public MultiDataSet next() {
            if (!hasNext()) {
              throw new NoSuchElementException("Cannot take another micro-batch of step " + step);
            }
            return given++ == 0 ? StepBatch.this : other();
          }
        };
  }

  /**
   * Gives the memory that the network has read back to the feed, which overwrites it. The step has
   * no images and labels from then on.
   */
  @Override
  public void done() {
    if (reading != null) {
      setFeatures(null);
      setLabels(null);
      feed.giveBack(reading);
      reading = null;
    }
  }

  private MultiDataSet other() {
    done();
    Batch batch = feed.next();
    if (batch.step() != step) {
      throw new IllegalStateException(
          String.format(
              Locale.ROOT, "Cannot train step %d on a batch of step %d", step, batch.step()));
    }
    if (batch.size() * (others + 1L) != samples) {
      throw new IllegalStateException(
          String.format(
              Locale.ROOT,
              "Cannot train step %d: a micro-batch has %d images and another %d",
              step,
              samples / (others + 1),
              batch.size()));
    }
    reading = batch;
    return new org.nd4j.linalg.dataset.MultiDataSet(
        features(batch), labels.labels(batch.targets()));
  }

  /** Its images lie in memory of the rank's own feed. */
  private void writeObject(ObjectOutputStream out) throws NotSerializableException {
    throw new NotSerializableException("Cannot send a batch to another task: " + NOT_FITTED);
  }
}
