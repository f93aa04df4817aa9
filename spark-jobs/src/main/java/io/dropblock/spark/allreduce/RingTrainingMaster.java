package io.dropblock.spark.allreduce;

import io.dropblock.nn.NetworkState;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.datavec.spark.util.BroadcastHadoopConfigHolder;
import org.datavec.spark.util.SerializableHadoopConfig;
import org.deeplearning4j.core.loader.DataSetLoader;
import org.deeplearning4j.core.loader.MultiDataSetLoader;
import org.deeplearning4j.core.storage.StatsStorageRouter;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.deeplearning4j.spark.api.TrainingHook;
import org.deeplearning4j.spark.api.TrainingMaster;
import org.deeplearning4j.spark.api.TrainingResult;
import org.deeplearning4j.spark.api.TrainingWorker;
import org.deeplearning4j.spark.api.stats.SparkTrainingStats;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.deeplearning4j.spark.impl.graph.dataset.DataSetToMultiDataSetFn;
import org.deeplearning4j.spark.impl.multilayer.SparkDl4jMultiLayer;
import org.deeplearning4j.spark.iterator.PathSparkDataSetIterator;
import org.deeplearning4j.spark.iterator.PathSparkMultiDataSetIterator;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.reflect.ClassTag$;

/**
 * Trains a {@link SparkComputationGraph} with ranks that average on a ring.
 *
 * <pre>{@code
 * RingTrainingMaster ring = new RingTrainingMaster(RingAveraging.ofGradients(4));
 * SparkComputationGraph graph = new SparkComputationGraph(spark, network, ring);
 * graph.fit(batches);            // JavaRDD<DataSet>: a step is one of each rank
 * }</pre>
 *
 * <p>After a {@code fit} the network that was given to the {@link SparkComputationGraph} holds the
 * new parameters, updater state and iteration count; {@code getScore} is the loss of the last step,
 * {@link #meanScore} that of all.
 *
 * <p>Each {@code fit} is one Spark job. Its batches are cut into as many partitions as there are
 * ranks, if they are not already; a rank trains those of its partition in their order, as they
 * come, and none of them is kept. All ranks run side by side, in a barrier stage that is retried as
 * a whole. Every rank trains the same number of steps: what is left over on one of them is not
 * used, nor is a batch that is not as large as the other ranks', and the log says so. Ranks may
 * have unequal shares of a step that they share out, an {@link AccumulatedBatch} each: gradients
 * are then averaged over its samples.
 *
 * <p>dl4j-spark's {@code ParameterAveragingTrainingMaster} sends the whole state through the driver
 * in each round and loses iteration and epoch counters on the way. Here both go once a job: the
 * state only to ranks that do not have it still.
 *
 * <p>A {@code fit} needs as many free task slots as there are ranks, all at once. Where there are
 * fewer, Spark waits for more, ten minutes by default. It throws what Spark throws when a job
 * fails, with the rank's own error among the causes; the network is then as it was before.
 *
 * <p>What ranks send each other is encrypted where Spark's own connections are, unless {@link
 * RingAveraging#ring} says otherwise; a {@code fit} that would need a secret for it and has none is
 * refused before it starts.
 *
 * <p>Not for {@link SparkDl4jMultiLayer}: convert the network to a graph. Without listeners and
 * statistics of dl4j-spark's: ranks tell how they are doing through {@link TrainingHook}s.
 */
public final class RingTrainingMaster
    implements TrainingMaster<TrainingResult, TrainingWorker<TrainingResult>> {
  private static final Logger LOG = LoggerFactory.getLogger(RingTrainingMaster.class);

  private final UUID id = UUID.randomUUID();
  private final RingAveraging averaging;
  private final Set<TrainingHook> hooks = new LinkedHashSet<>();
  private boolean stopped;
  private double meanScore = Double.NaN;

  /**
   * A master for one network; several {@code fit}s of it, one after the other.
   *
   * @param averaging how many ranks, and what they average when
   */
  public RingTrainingMaster(RingAveraging averaging) {
    this.averaging = averaging;
  }

  /** {@inheritDoc} It is sent to each rank with each {@code fit}, as it is then. */
  @Override
  public void addHook(TrainingHook hook) {
    hooks.add(hook);
  }

  @Override
  public void removeHook(TrainingHook hook) {
    hooks.remove(hook);
  }

  /**
   * Behind {@code graph.fit(batches)}: the k-th batches of all partitions make up step k.
   *
   * @param batches features and labels as the network takes them, all of one size
   */
  @Override
  public void executeTraining(SparkComputationGraph graph, JavaRDD<DataSet> batches) {
    executeTrainingMDS(graph, batches.map(new DataSetToMultiDataSetFn()));
  }

  @Override
  public void executeTrainingPaths(
      SparkDl4jMultiLayer multiLayer,
      SparkComputationGraph graph,
      JavaRDD<String> paths,
      DataSetLoader loader,
      MultiDataSetLoader multiLoader) {
    requireGraph(graph != null);
    Broadcast<SerializableHadoopConfig> hadoop =
        BroadcastHadoopConfigHolder.get(graph.getSparkContext());
    // distributed before they are read
    JavaRDD<String> ranks = ofRanks(paths);
    if (multiLoader != null) {
      train(
          graph,
          ranks.mapPartitions(
              ofRank -> new PathSparkMultiDataSetIterator(ofRank, multiLoader, hadoop)));
    } else {
      executeTraining(
          graph,
          ranks.mapPartitions(ofRank -> new PathSparkDataSetIterator(ofRank, loader, hadoop)));
    }
  }

  /** Behind {@code graph.fitMultiDataSet(batches)}: the same for several inputs or outputs. */
  @Override
  public void executeTrainingMDS(SparkComputationGraph graph, JavaRDD<MultiDataSet> batches) {
    train(graph, ofRanks(batches));
  }

  private <T> JavaRDD<T> ofRanks(JavaRDD<T> batches) {
    return batches.getNumPartitions() == averaging.world()
        ? batches
        : batches.repartition(averaging.world());
  }

  private void train(SparkComputationGraph graph, JavaRDD<MultiDataSet> batches) {
    JavaSparkContext spark = graph.getSparkContext();
    ComputationGraph network = graph.getNetwork();
    RingAveraging settled = RingSecurity.here().settle(averaging);
    Broadcast<NetworkState> state = spark.broadcast(NetworkState.of(network));
    try {
      RankTask task =
          new RankTask(
              id,
              settled,
              new RankTask.Start(
                  state,
                  Replica.checksum(network),
                  network.getConfiguration().getIterationCount(),
                  network.getConfiguration().getEpochCount()),
              hooks);
      JavaRDD<RankResult> ranks =
          batches
              .rdd()
              .barrier()
              .mapPartitions(task, false, ClassTag$.MODULE$.<RankResult>apply(RankResult.class))
              .toJavaRDD();
      // Spark retries a barrier stage only where it is not the job's last: hence a shuffle
      take(graph, ranks.repartition(1).collect());
    } finally {
      state.destroy();
    }
  }

  /** What the ranks made becomes the network's. */
  private void take(SparkComputationGraph graph, List<RankResult> unordered) {
    List<RankResult> results = new ArrayList<>(unordered);
    results.sort(Comparator.comparing(RankResult::rank));
    RankResult first = results.get(0);
    for (RankResult other : results) {
      if (other.checksum() != first.checksum()) {
        throw new IllegalStateException(
            String.format(
                Locale.ROOT,
                "Cannot go on training: rank %d on %s and rank 0 on %s hold different parameters; "
                    + "do all hosts have the same processors and libraries?",
                other.rank(),
                other.host(),
                first.host()));
      }
    }
    long unused = results.stream().mapToLong(RankResult::unused).sum();
    if (unused > 0) {
      LOG.warn(
          "{} batches were not trained, as not every rank had one of the same size; {} steps were",
          unused,
          first.steps());
    }
    stopped = first.stopped();
    ComputationGraph network = graph.getNetwork();
    int iteration = network.getConfiguration().getIterationCount();
    first.state().assignTo(network);
    network.getConfiguration().setIterationCount(Math.toIntExact(iteration + first.steps()));
    graph.setScore(results.stream().mapToDouble(RankResult::score).average().orElseThrow());
    meanScore =
        results.stream().mapToDouble(RankResult::scores).average().orElseThrow() / first.steps();
  }

  /**
   * Whether the last {@code fit} ended before its last batch, as a {@link StoppingHook} wanted. How
   * many steps it trained tells the network's iteration count.
   */
  public boolean stopped() {
    return stopped;
  }

  /**
   * The loss of the last {@code fit}, with what the network's regularisation adds: the mean over
   * its steps of the mean over the samples of each, before the step's update. NaN before the first,
   * and without a step.
   */
  public double meanScore() {
    return meanScore;
  }

  /** Is refused. */
  @Override
  public void executeTraining(SparkDl4jMultiLayer network, JavaRDD<DataSet> batches) {
    requireGraph(false);
  }

  private static void requireGraph(boolean graph) {
    if (!graph) {
      throw new UnsupportedOperationException(
          "Cannot train a MultiLayerNetwork on a ring: use its toComputationGraph()");
    }
  }

  @Override
  public TrainingWorker<TrainingResult> getWorkerInstance(SparkDl4jMultiLayer network) {
    throw noWorker();
  }

  @Override
  public TrainingWorker<TrainingResult> getWorkerInstance(SparkComputationGraph graph) {
    throw noWorker();
  }

  private static UnsupportedOperationException noWorker() {
    return new UnsupportedOperationException(
        "Cannot hand out a worker: ranks are tasks of a barrier stage");
  }

  @Override
  public void setCollectTrainingStats(boolean collect) {
    if (collect) {
      throw new UnsupportedOperationException(
          "Cannot collect dl4j-spark's statistics: a ring has no rounds that go through the driver");
    }
  }

  @Override
  public boolean getIsCollectTrainingStats() {
    return false;
  }

  @Override
  public SparkTrainingStats getTrainingStats() {
    return null;
  }

  @Override
  public void setListeners(Collection<TrainingListener> listeners) {
    setListeners(null, listeners);
  }

  @Override
  public void setListeners(StatsStorageRouter router, Collection<TrainingListener> listeners) {
    if (listeners != null && !listeners.isEmpty()) {
      throw new UnsupportedOperationException(
          "Cannot send listeners to ranks: add a TrainingHook to the master");
    }
  }

  /** There are none. */
  @Override
  public boolean deleteTempFiles(JavaSparkContext spark) {
    return true;
  }

  /** There are none. */
  @Override
  public boolean deleteTempFiles(SparkContext spark) {
    return true;
  }

  @Override
  public String toJson() {
    throw new UnsupportedOperationException("Cannot write a ring training master as JSON");
  }

  @Override
  public String toYaml() {
    throw new UnsupportedOperationException("Cannot write a ring training master as YAML");
  }
}
