package io.dropblock.spark.data.source.files;

import io.dropblock.spark.cluster.JobLabel;
import io.dropblock.spark.data.DataException;
import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;

/** Lists what lies in many large files at once, in the tasks of one Spark job. */
public final class Scan {
  // Few large files a task, so that a long one does not hold up the others.
  private static final int TASKS_PER_CORE = 16;

  private Scan() {}

  /** What is found in one file; a {@link DataException} is for the user and is not tried again. */
  @FunctionalInterface
  public interface Look<T, R> extends Serializable {
    R at(T item, Configuration configuration) throws IOException;
  }

  /** What came of a look: a value, or the message of a refusal. */
  private record Outcome<R>(R value, String refusal) implements Serializable {}

  /**
   * Looks at each item.
   *
   * @param title of the job, and the object of an error, such as {@code ILSVRC2012 in /data}
   * @return the values, in the order of the items
   * @throws DataException the first refusal in the order of the items, or what failed
   */
  public static <T extends Serializable, R extends Serializable> List<R> run(
      JavaSparkContext spark, String title, List<T> items, Look<T, R> look) {
    Broadcast<SerializableConfiguration> configuration =
        spark.broadcast(new SerializableConfiguration(spark.hadoopConfiguration()));
    List<Outcome<R>> outcomes;
    try {
      int tasks = Math.min(items.size(), TASKS_PER_CORE * spark.defaultParallelism());
      outcomes =
          new JobLabel("data", "list", "list " + title)
              .during(
                  spark,
                  () ->
                      spark
                          .parallelize(items, Math.max(1, tasks))
                          .map(item -> outcome(look, item, configuration.value().value()))
                          .collect());
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      // SparkException is checked, but Scala does not declare it.
      throw new DataException("Cannot list " + title + ": " + DataException.reason(root(e)), e);
    } finally {
      configuration.destroy();
    }
    for (Outcome<R> outcome : outcomes) {
      if (outcome.refusal() != null) {
        throw new DataException(outcome.refusal());
      }
    }
    return outcomes.stream().map(Outcome::value).toList();
  }

  private static <T, R> Outcome<R> outcome(Look<T, R> look, T item, Configuration configuration)
      throws IOException {
    try {
      return new Outcome<>(look.at(item, configuration), null);
    } catch (DataException e) {
      return new Outcome<>(null, e.getMessage());
    }
  }

  private static Throwable root(Throwable e) {
    return e.getCause() == null ? e : root(e.getCause());
  }
}
