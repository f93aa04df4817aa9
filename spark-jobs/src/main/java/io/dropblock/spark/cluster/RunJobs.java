package io.dropblock.spark.cluster;

import java.util.Arrays;
import java.util.Properties;
import java.util.UUID;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * The jobs of a run among those of an application: all that this thread starts until it is closed,
 * and the threads that this one starts.
 */
public final class RunJobs implements AutoCloseable {
  /** Spark's property of a job. */
  private static final String TAGS = "spark.job.tags";

  private final JavaSparkContext spark;
  private final String tag = "run-" + UUID.randomUUID();

  private RunJobs(JavaSparkContext spark) {
    this.spark = spark;
  }

  /** Those from now on. */
  public static RunJobs begin(JavaSparkContext spark) {
    RunJobs jobs = new RunJobs(spark);
    spark.addJobTag(jobs.tag);
    return jobs;
  }

  /** Whether a job with these properties is one of them. */
  boolean own(Properties job) {
    return job != null && Arrays.asList(job.getProperty(TAGS, "").split(",")).contains(tag);
  }

  /** Cancels those that run. */
  public void cancel() {
    spark.cancelJobsWithTag(tag);
  }

  @Override
  public void close() {
    if (!spark.sc().isStopped()) {
      spark.removeJobTag(tag);
    }
  }
}
