package io.dropblock.spark.allreduce;

import io.dropblock.nn.NetworkState;
import io.dropblock.spark.rank.RankCores;
import io.dropblock.spark.rank.RankGpu;
import io.dropblock.spark.ring.Ring;
import io.dropblock.spark.ring.RingException;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.apache.spark.BarrierTaskContext;
import org.apache.spark.SparkEnv;
import org.apache.spark.broadcast.Broadcast;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.spark.api.TrainingHook;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import scala.collection.Iterator;
import scala.collection.JavaConverters;
import scala.runtime.AbstractFunction1;

/** What runs in a rank's task, from its batches to its result. */
final class RankTask extends AbstractFunction1<Iterator<MultiDataSet>, Iterator<RankResult>>
    implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final Duration OTHERS = Duration.ofSeconds(1);

  private final UUID master;
  private final UUID nonce = UUID.randomUUID();
  private final RingAveraging averaging;
  private final Start start;
  private final ArrayList<TrainingHook> hooks;

  /**
   * The state that all ranks start from.
   *
   * @param network as bytes
   * @param checksum of it
   * @param iteration DL4J's counter
   * @param epoch DL4J's counter
   */
  record Start(Broadcast<NetworkState> network, long checksum, int iteration, int epoch)
      implements Serializable {}

  /**
   * @param master who asks
   */
  RankTask(UUID master, RingAveraging averaging, Start start, Collection<TrainingHook> hooks) {
    this.master = master;
    this.averaging = averaging;
    this.start = start;
    this.hooks = new ArrayList<>(hooks);
  }

  @Override
  public Iterator<RankResult> apply(Iterator<MultiDataSet> batches) {
    try {
      return train(batches);
    } catch (RuntimeException e) {
      if (isOfRing(e)) {
        letOthersSpeak();
      }
      throw e;
    }
  }

  private static boolean isOfRing(Throwable thrown) {
    Throwable at = thrown;
    while (at != null && !(at instanceof RingException)) {
      at = at.getCause();
    }
    return at != null;
  }

  /**
   * Waits a moment, with the ring closed: the first task that fails has all others stopped, and who
   * failed of itself could not say why any more.
   */
  private static void letOthersSpeak() {
    try {
      Thread.sleep(OTHERS.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Iterator<RankResult> train(Iterator<MultiDataSet> batches) {
    // before the network, whose layers ask how many threads they have
    RankGpu.ofThisTask().ifPresent(RankGpu::take);
    RankCores.ofThisTask().take();
    BarrierTaskContext task = BarrierTaskContext.get();
    int rank = task.partitionId();
    ComputationGraph network = Replica.in(master, start.checksum(), () -> start.network().value());
    network.getConfiguration().setIterationCount(start.iteration());
    network.getConfiguration().setEpochCount(start.epoch());
    try (Ring ring = RankMeeting.meet(task, nonce, averaging, network.params().length())) {
      RankSteps steps = new RankSteps(network, ring, averaging, hooks);
      steps.train(JavaConverters.asJavaIterator(batches));
      long checksum = Replica.checksum(network);
      Replica.keep(master, checksum, network);
      RankResult result =
          new RankResult(
              rank,
              SparkEnv.get().blockManager().blockManagerId().host(),
              steps.trained(),
              steps.unused(),
              steps.stopped(),
              steps.score(),
              steps.scores(),
              checksum,
              rank == 0 ? NetworkState.of(network) : null);
      return JavaConverters.asScalaIterator(List.of(result).iterator());
    }
  }
}
