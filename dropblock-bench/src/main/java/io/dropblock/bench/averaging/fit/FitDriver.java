package io.dropblock.bench.averaging.fit;

import io.dropblock.bench.process.Child;
import io.dropblock.bench.process.Parent;
import io.dropblock.nn.NetworkState;
import io.dropblock.spark.allreduce.RingAveraging;
import io.dropblock.spark.allreduce.RingTrainingMaster;
import io.dropblock.spark.rank.RankCores;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.spark.api.RDDTrainingApproach;
import org.deeplearning4j.spark.api.Repartition;
import org.deeplearning4j.spark.api.TrainingMaster;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.deeplearning4j.spark.impl.paramavg.ParameterAveragingTrainingMaster;
import org.nd4j.linalg.dataset.DataSet;

/** The driver of {@link FitRounds}. */
public final class FitDriver {
  private final JavaSparkContext spark;
  private final FitJob job;

  private FitDriver(JavaSparkContext spark, FitJob job) {
    this.spark = spark;
    this.job = job;
  }

  /**
   * Measures a job.
   *
   * @param arguments the job
   */
  public static void main(String[] arguments) {
    Parent.serve(
        arguments,
        FitJob.class,
        (job, parent) -> {
          FitReport report;
          try (JavaSparkContext spark = new JavaSparkContext(settings(job))) {
            report = new FitDriver(spark, job).measure();
          }
          parent.say(report);
        });
  }

  private static SparkConf settings(FitJob job) {
    return new SparkConf()
        .setMaster(
            String.format(Locale.ROOT, "local-cluster[%d,1,%d]", job.world(), job.executorMib()))
        .setAppName("bench averaging")
        .set("spark.executor.memory", job.executorMib() + "m")
        .set("spark.cores.max", Integer.toString(job.world()))
        .set("spark.scheduler.minRegisteredResourcesRatio", "1")
        .set("spark.executor.extraClassPath", System.getProperty("java.class.path"))
        .set("spark.executor.extraJavaOptions", String.join(" ", Child.NATIVE_MEMORY))
        .set("spark.executorEnv.OMP_NUM_THREADS", "1")
        .set("spark.executorEnv.OMP_WAIT_POLICY", "PASSIVE")
        .set("spark.executorEnv.GOMP_SPINCOUNT", "5000")
        .set("spark.driver.maxResultSize", "0")
        .set("spark.driver.host", "127.0.0.1")
        .set("spark.driver.bindAddress", "127.0.0.1")
        .set("spark.locality.wait", "0s")
        .set("spark.ui.enabled", "false");
  }

  private FitReport measure() {
    // The ring first: the stock master leaves its broadcasts behind
    List<Double> ring =
        rounds(new RingTrainingMaster(RingAveraging.ofGradients(job.world())), job.ring());
    double step = stepMilliseconds();
    return new FitReport(step, ring, rounds(stockMaster(), job.stock()));
  }

  /** Averages behind each step, with no work but what it cannot do without. */
  private ParameterAveragingTrainingMaster stockMaster() {
    return new ParameterAveragingTrainingMaster.Builder(job.world(), 1)
        .batchSizePerWorker(1)
        .averagingFrequency(1)
        .workerPrefetchNumBatches(0)
        .saveUpdater(true)
        .repartionData(Repartition.Never)
        .rddTrainingApproach(RDDTrainingApproach.Direct)
        .storageLevel(null)
        .storageLevelStreams(null)
        .build();
  }

  private List<Double> rounds(TrainingMaster<?, ?> master, RoundCounts counts) {
    SparkComputationGraph graph =
        new SparkComputationGraph(spark, SparseNetwork.of(job.parameters()), master);
    fit(graph, counts.more());
    List<Double> milliseconds = new ArrayList<>();
    for (int repetition = 0; repetition < job.repetitions(); repetition++) {
      double fewer = fit(graph, counts.fewer());
      double more = fit(graph, counts.more());
      milliseconds.add((more - fewer) / counts.difference());
    }
    return milliseconds;
  }

  /** Returns its milliseconds. */
  private double fit(SparkComputationGraph graph, int rounds) {
    long begin = System.nanoTime();
    JavaRDD<DataSet> batches = ranks().flatMap(rank -> SparseNetwork.batches(rounds));
    graph.fit(batches);
    return (System.nanoTime() - begin) / 1e6;
  }

  private JavaRDD<Integer> ranks() {
    List<Integer> ranks = IntStream.range(0, job.world()).boxed().toList();
    return spark.parallelize(ranks, job.world());
  }

  /** A mean over as many steps as the ring's fits differ by, in all executors at once. */
  private double stepMilliseconds() {
    int warmUp = job.ring().fewer();
    int steps = job.ring().difference();
    Broadcast<NetworkState> state =
        spark.broadcast(NetworkState.of(SparseNetwork.of(job.parameters())));
    try {
      return ranks()
          .mapToDouble(
              rank -> {
                RankCores.ofThisTask().take();
                ComputationGraph network = state.value().restore();
                milliseconds(network, warmUp);
                return milliseconds(network, steps) / steps;
              })
          .mean();
    } finally {
      state.destroy();
    }
  }

  private static double milliseconds(ComputationGraph network, int steps) {
    Iterator<DataSet> batches = SparseNetwork.batches(steps);
    long begin = System.nanoTime();
    while (batches.hasNext()) {
      network.fit(batches.next());
    }
    return (System.nanoTime() - begin) / 1e6;
  }
}
