package io.dropblock.spark.gpu;

import io.dropblock.spark.cluster.TaskSlots;
import io.dropblock.spark.rank.RankGpu;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;

/** What {@link GpuExecutorIT} submits: tasks that run side by side and tell their GPU. */
public final class GpuCensus {
  private static final int TASKS = 2;

  /** In the executor, where its tasks meet. */
  private static final CyclicBarrier TOGETHER = new CyclicBarrier(TASKS);

  private GpuCensus() {}

  /** Writes them in order, or why there are none; executors are looked at if asked for. */
  public static void main(String[] arguments) throws Exception {
    Path file = Path.of(arguments[0]);
    boolean looked = Boolean.parseBoolean(arguments[1]);
    SparkConf conf = new SparkConf().setAppName("GPU census");
    if (looked) {
      GpuSettings.complete(conf);
    }
    try (JavaSparkContext spark = new JavaSparkContext(conf)) {
      TaskSlots.all(spark).await(TASKS);
      List<Integer> devices =
          spark
              .parallelize(IntStream.range(0, TASKS).boxed().toList(), TASKS)
              .map(
                  task -> {
                    TOGETHER.await(1, TimeUnit.MINUTES);
                    return RankGpu.ofThisTask().orElseThrow().device();
                  })
              .collect();
      Files.writeString(file, devices.stream().sorted().toList().toString());
    } catch (Exception e) {
      Files.writeString(file, GpuPlugin.refusal().orElseThrow(() -> e));
    }
  }
}
