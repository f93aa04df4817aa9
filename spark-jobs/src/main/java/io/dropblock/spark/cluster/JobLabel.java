package io.dropblock.spark.cluster;

import java.util.function.Supplier;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * What the Spark UI says of jobs. Spark takes it when a job starts: it cannot tell how far a job is
 * that runs.
 *
 * @param group what kind of work they are for: {@code training}
 * @param name of jobs and their stages, in place of a line of code: {@code train epoch 3}
 * @param description a line about them
 */
public record JobLabel(String group, String name, String description) {

  /** Labels the jobs that some work starts on this thread. */
  public <T> T during(JavaSparkContext spark, Supplier<T> work) {
    spark.setJobGroup(group, RunJobs.named(spark, description));
    spark.setCallSite(name);
    try {
      return work.get();
    } finally {
      spark.clearJobGroup();
      spark.clearCallSite();
    }
  }

  /** The same of work without a result. */
  public void during(JavaSparkContext spark, Runnable work) {
    during(
        spark,
        () -> {
          work.run();
          return null;
        });
  }
}
