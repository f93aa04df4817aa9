package io.dropblock.spark.rank;

import io.dropblock.model.Architecture;
import io.dropblock.model.CifarResNet;
import io.dropblock.model.MapShape;
import io.dropblock.model.Regularization;
import io.dropblock.nn.DropBlockSites;
import io.dropblock.nn.DropBlockStep;
import io.dropblock.optimizer.Momentum;
import io.dropblock.optimizer.WeightDecay;
import io.dropblock.spark.cluster.TaskSlots;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.resource.ResourceProfile;
import org.apache.spark.resource.ResourceProfileBuilder;
import org.apache.spark.resource.TaskResourceRequests;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * What {@link RankCoresIT} submits: tasks that train, multiply matrices and add, side by side in
 * one executor of two cores, and count the threads that do so.
 */
public final class ThreadCensus {
  private static final int CORES = 2;
  private static final int IMAGES = 16;
  private static final int SIZE = 32;
  private static final int CLASSES = 10;
  private static final int SIDE = 1024;
  private static final double SECONDS = 1.5;

  /** In the executor, where its tasks meet. */
  private static final CyclicBarrier ALONE = new CyclicBarrier(1);

  private static final CyclicBarrier TOGETHER = new CyclicBarrier(2);

  private ThreadCensus() {}

  /** Writes three counts for each task: of training (oneDNN, our loops), products, sums (ND4J). */
  public static void main(String[] arguments) throws Exception {
    try (JavaSparkContext spark = new JavaSparkContext(new SparkConf().setAppName("census"))) {
      TaskSlots.all(spark).await(CORES);
      List<String> lines = List.of(count(spark, CORES), count(spark, 1), count(spark, CORES));
      Files.write(Path.of(arguments[0]), lines);
    }
  }

  private static String count(JavaSparkContext spark, int tasks) {
    ResourceProfile profile =
        new ResourceProfileBuilder()
            .require(new TaskResourceRequests().cpus(CORES / tasks))
            .build();
    List<String> counts =
        spark
            .parallelize(IntStream.range(0, tasks).boxed().toList(), tasks)
            .withResources(profile)
            .map(task -> census(tasks == 1 ? ALONE : TOGETHER))
            .collect();
    return String.format(Locale.ROOT, "%d tasks: %s", tasks, counts);
  }

  private static String census(CyclicBarrier barrier) throws Exception {
    RankCores.ofThisTask().take();
    Runnable training = training();
    training.run();
    int trained = count(barrier, training);
    INDArray a = Nd4j.rand(DataType.FLOAT, SIDE, SIDE).dup('f');
    INDArray b = a.dup('f');
    INDArray c = a.dup('f');
    int multiplied = count(barrier, () -> Nd4j.gemm(a, b, c, false, false, 1, 0));
    int added = count(barrier, () -> a.addi(b));
    return String.format(Locale.ROOT, "%d %d %d", trained, multiplied, added);
  }

  private static int count(CyclicBarrier barrier, Runnable work)
      throws InterruptedException, BrokenBarrierException, TimeoutException {
    // Threads that have worked for others wait awake for some time
    Thread.sleep(500);
    barrier.await(1, TimeUnit.MINUTES);
    WorkingThreads threads = new WorkingThreads();
    long begin = System.nanoTime();
    while (System.nanoTime() - begin < SECONDS * 1e9) {
      work.run();
    }
    int count = threads.count();
    barrier.await(1, TimeUnit.MINUTES);
    return count;
  }

  private static Runnable training() {
    ComputationGraph network =
        Architecture.classifier(new CifarResNet(8), CLASSES)
            .network(
                new MapShape(3, SIZE, SIZE),
                Regularization.dropBlock(3, List.of(2, 3)),
                new Momentum(0.9, true, WeightDecay.ofKernelsAndBiases(1e-4)),
                1);
    network.setLearningRate(0.01);
    DropBlockSites.of(network).set(new DropBlockStep(0.9, 1, 0, 0));
    INDArray[] images = {Nd4j.rand(DataType.FLOAT, IMAGES, 3, SIZE, SIZE)};
    INDArray[] labels = {Nd4j.ones(DataType.FLOAT, IMAGES, 1)};
    return () -> network.fit(images, labels);
  }
}
