package io.dropblock.spark.preflight.slot;

import io.dropblock.spark.cluster.ClusterException;
import io.dropblock.spark.cluster.JobLabel;
import io.dropblock.spark.data.DataException;
import java.io.Serializable;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.IntStream;
import org.apache.spark.BarrierTaskContext;
import org.apache.spark.SimpleFutureAction;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.rdd.RDD;
import scala.Function1;
import scala.Function2;
import scala.collection.Iterator;
import scala.collection.JavaConverters;
import scala.reflect.ClassTag$;
import scala.runtime.AbstractFunction1;
import scala.runtime.BoxedUnit;
import scala.util.Try;

/**
 * Jobs with a task a slot, all of which run at the same time, and with an end.
 *
 * @param spark the application
 * @param slots task slots that there are, 1 or more
 * @param limit how long a job may take; it is cancelled then
 */
public record SlotJob(JavaSparkContext spark, int slots, Duration limit) {
  private static final long POLL_MILLIS = 10;

  /**
   * What came back in time.
   *
   * @param given in the order of tasks
   * @param begun when the job began, by the driver's clock, in milliseconds since 1970
   * @param ended whether all tasks gave their answer
   */
  public record Answers<T>(List<Answer<T>> given, long begun, boolean ended) {
    /** Them alone. */
    public List<T> values() {
      return given.stream().map(Answer::value).toList();
    }
  }

  /**
   * Of one task.
   *
   * @param arrived when, by the driver's clock
   */
  public record Answer<T>(T value, long arrived) {}

  /**
   * Runs one.
   *
   * @param name for the Spark UI
   * @throws ClusterException where it failed for another reason than its time
   */
  public <T extends Serializable> Answers<T> run(String name, Class<T> type, SlotTask<T> task) {
    return new JobLabel("check", name, "check: " + name)
        .during(spark, () -> submit(name, type, task));
  }

  private <T extends Serializable> Answers<T> submit(String name, Class<T> type, SlotTask<T> task) {
    List<Integer> numbers = IntStream.range(0, slots).boxed().toList();
    RDD<T> all =
        spark
            .parallelize(numbers, slots)
            .rdd()
            .barrier()
            .mapPartitions(new Once<>(task), false, ClassTag$.MODULE$.<T>apply(type));
    ConcurrentSkipListMap<Integer, Answer<T>> answers = new ConcurrentSkipListMap<>();
    Function1<Iterator<T>, T> only = (Function1<Iterator<T>, T> & Serializable) Iterator::next;
    Function2<Object, T, BoxedUnit> keep =
        (slot, answer) -> {
          answers.put((Integer) slot, new Answer<>(answer, System.currentTimeMillis()));
          return BoxedUnit.UNIT;
        };
    List<Object> partitions = List.copyOf(numbers);
    long begun = System.currentTimeMillis();
    SimpleFutureAction<BoxedUnit> job =
        spark
            .sc()
            .submitJob(
                all,
                only,
                JavaConverters.asScalaBuffer(partitions).toSeq(),
                keep,
                () -> BoxedUnit.UNIT);
    boolean ended = await(name, job);
    return new Answers<>(List.copyOf(answers.values()), begun, ended);
  }

  private boolean await(String name, SimpleFutureAction<BoxedUnit> job) {
    long begin = System.nanoTime();
    while (!job.isCompleted()) {
      if (System.nanoTime() - begin > limit.toNanos()) {
        job.cancel();
        return false;
      }
      try {
        Thread.sleep(POLL_MILLIS);
      } catch (InterruptedException e) {
        job.cancel();
        Thread.currentThread().interrupt();
        throw new ClusterException("Cannot check " + name + ": interrupted", e);
      }
    }
    Try<BoxedUnit> result = job.value().get();
    if (result.isFailure()) {
      Throwable failure = result.failed().get();
      throw new ClusterException(
          "Cannot check " + name + ": " + DataException.reason(failure), failure);
    }
    return true;
  }

  /** A task's work, as Spark calls it. */
  private static final class Once<T extends Serializable>
      extends AbstractFunction1<Iterator<Integer>, Iterator<T>> implements Serializable {
    private static final long serialVersionUID = 1L;

    private final SlotTask<T> task;

    Once(SlotTask<T> task) {
      this.task = task;
    }

    @Override
    public Iterator<T> apply(Iterator<Integer> numbers) {
      return JavaConverters.asScalaIterator(List.of(task.run(BarrierTaskContext.get())).iterator());
    }
  }
}
