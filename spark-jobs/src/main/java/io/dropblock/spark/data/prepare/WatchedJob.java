package io.dropblock.spark.data.prepare;

import io.dropblock.spark.cluster.AnyExecutor;
import io.dropblock.spark.cluster.ClusterException;
import io.dropblock.spark.cluster.ExecutorLoss;
import io.dropblock.spark.cluster.JobLabel;
import io.dropblock.spark.cluster.OneTry;
import io.dropblock.spark.data.DataException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.ToIntFunction;
import org.apache.spark.SparkJobInfo;
import org.apache.spark.SparkStageInfo;
import org.apache.spark.api.java.JavaFutureAction;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function;
import scala.Tuple2;
import scala.collection.JavaConverters;
import scala.collection.Seq;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;

/**
 * One Spark job with a task for each piece of work, watched while it runs.
 *
 * @param label what the Spark UI says of it; its description is what it does, as in "Cannot {@code
 *     description}: reason"
 * @param progress is told of tasks that are done
 */
public record WatchedJob(JobLabel label, JobProgress progress) {
  private static final long POLL_MILLIS = 500;
  private static final long STOP_POLL_MILLIS = 20;

  /** An image that is being decoded comes to its end in that time. */
  private static final Duration STOP = Duration.ofSeconds(10);

  /**
   * A job that reads or writes a data set.
   *
   * @param description what it does
   */
  public WatchedJob(String description, JobProgress progress) {
    this(new JobLabel("data", "prepare", description), progress);
  }

  /**
   * Runs it and waits.
   *
   * @return the results, in the order of the work
   * @throws DataException where a task failed for good, with its reason
   * @throws ClusterException where no executor comes
   */
  public <T, R> List<R> run(JavaSparkContext spark, List<T> work, Function<T, R> task) {
    return run(spark, work, piece -> List.of(), task);
  }

  /**
   * The same, each task near what it reads where a slot is free there in time ({@code
   * spark.locality.wait}).
   *
   * @param hosts of a piece of work, the best first; none where it does not matter
   */
  public <T, R> List<R> run(
      JavaSparkContext spark,
      List<T> work,
      java.util.function.Function<T, List<String>> hosts,
      Function<T, R> task) {
    progress.shards(0, work.size());
    if (work.isEmpty()) {
      return List.of();
    }
    return label.during(
        spark, () -> watch(spark, distribute(spark, work, hosts).map(task).collectAsync(), work));
  }

  /** A partition for each piece. */
  private static <T> JavaRDD<T> distribute(
      JavaSparkContext spark, List<T> work, java.util.function.Function<T, List<String>> hosts) {
    List<Tuple2<T, Seq<String>>> placed = new ArrayList<>();
    for (T piece : work) {
      placed.add(new Tuple2<>(piece, seq(hosts.apply(piece))));
    }
    ClassTag<T> type = ClassTag$.MODULE$.apply(Object.class);
    return spark.sc().makeRDD(seq(placed), type).toJavaRDD();
  }

  private static <T> Seq<T> seq(List<T> list) {
    return JavaConverters.asScalaBuffer(list).toSeq();
  }

  private <R> List<R> watch(JavaSparkContext spark, JavaFutureAction<List<R>> job, List<?> work) {
    AnyExecutor executor = new AnyExecutor(spark);
    OneTry oneTry = OneTry.of(spark);
    try {
      while (true) {
        try {
          List<R> results = job.get(POLL_MILLIS, TimeUnit.MILLISECONDS);
          progress.shards(work.size(), work.size());
          return results;
        } catch (TimeoutException e) {
          progress.shards(
              Math.min(tasks(spark, job, SparkStageInfo::numCompletedTasks), work.size()),
              work.size());
          tellOfWaiting(executor, progress);
        }
      }
    } catch (InterruptedException e) {
      job.cancel(true);
      Thread.currentThread().interrupt();
      throw new DataException("Cannot " + label.description() + ": it was interrupted", e);
    } catch (ClusterException e) {
      job.cancel(true);
      throw e;
    } catch (ExecutionException e) {
      awaitOtherTasks(spark, job);
      throw new DataException(
          "Cannot " + label.description() + ": " + oneTry.reason().orElseGet(() -> reason(e)), e);
    } finally {
      oneTry.close();
    }
  }

  private static void tellOfWaiting(AnyExecutor executor, JobProgress progress) {
    Duration missing = executor.missing();
    if (!missing.isZero()) {
      progress.waiting(missing);
    }
  }

  /** They are told to stop, and clear up behind them. */
  private static void awaitOtherTasks(JavaSparkContext spark, JavaFutureAction<?> job) {
    long begin = System.nanoTime();
    try {
      while (tasks(spark, job, SparkStageInfo::numActiveTasks) > 0
          && System.nanoTime() - begin < STOP.toNanos()) {
        Thread.sleep(STOP_POLL_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static int tasks(
      JavaSparkContext spark, JavaFutureAction<?> job, ToIntFunction<SparkStageInfo> count) {
    int sum = 0;
    for (int id : job.jobIds()) {
      SparkJobInfo info = spark.statusTracker().getJobInfo(id);
      for (int stage : info == null ? new int[0] : info.stageIds()) {
        SparkStageInfo tasks = spark.statusTracker().getStageInfo(stage);
        sum += tasks == null ? 0 : count.applyAsInt(tasks);
      }
    }
    return sum;
  }

  /** Of the outermost error that was made for people, or of the innermost. */
  private static String reason(Throwable e) {
    if (e instanceof DataException) {
      return DataException.reason(e);
    }
    if (e.getCause() != null) {
      return reason(e.getCause());
    }
    return ExecutorLoss.ofMemory(String.valueOf(e.getMessage()))
        .orElseGet(() -> DataException.reason(e));
  }
}
