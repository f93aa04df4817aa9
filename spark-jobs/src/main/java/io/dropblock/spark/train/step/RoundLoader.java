package io.dropblock.spark.train.step;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.spark.broadcast.Broadcast;
import org.deeplearning4j.core.loader.MultiDataSetLoader;
import org.nd4j.common.loader.Source;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/**
 * Hands a rank of dl4j-spark's own master its batches of one round. That master makes a copy for
 * each task and asks it for one named step after the other, when the one before is done.
 */
final class RoundLoader implements MultiDataSetLoader {
  private static final long serialVersionUID = 1L;

  private final Broadcast<EpochPlan> plan;
  private final Broadcast<RankFeed> rankFeed;
  private final int nextIndex;
  private transient RankBatches batches;

  /**
   * @param nextIndex the first step of the epoch that is no longer part of the round
   */
  RoundLoader(Broadcast<EpochPlan> plan, Broadcast<RankFeed> rankFeed, int nextIndex) {
    this.plan = plan;
    this.rankFeed = rankFeed;
    this.nextIndex = nextIndex;
  }

  /** The names of a round's batches, rank by rank, the steps of each in order. */
  static List<String> names(int world, int first, int next) {
    List<String> names = new ArrayList<>();
    for (int rank = 0; rank < world; rank++) {
      for (int index = first; index < next; index++) {
        names.add(new BatchName(rank, index).toString());
      }
    }
    return names;
  }

  @Override
  public MultiDataSet load(Source source) {
    BatchName name = BatchName.parse(source.getPath());
    if (batches == null) {
      batches =
          new RankBatches(
              plan.value().key(), rankFeed.value(), name.rank(), name.index(), nextIndex);
    }
    if (batches.nextStep() != name.index()) {
      throw new IllegalStateException(
          String.format(
              Locale.ROOT,
              "Cannot train step %d of the epoch: step %d comes next",
              name.index(),
              batches.nextStep()));
    }
    return batches.next();
  }

  /**
   * A batch by name, which is how dl4j-spark hands work to a loader.
   *
   * @param rank the rank, from 0
   * @param index the step within the epoch, from 0
   */
  private record BatchName(int rank, int index) implements Serializable {

    static BatchName parse(String text) {
      String[] parts = text.split("/");
      return new BatchName(Integer.parseInt(parts[1]), Integer.parseInt(parts[3]));
    }

    @Override
    public String toString() {
      return "rank/" + rank + "/step/" + index;
    }
  }
}
