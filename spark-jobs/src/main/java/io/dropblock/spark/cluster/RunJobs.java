package io.dropblock.spark.cluster;

import java.util.Arrays;
import java.util.Optional;
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

  /** A property of ours of jobs: no setting. */
  private static final String NAME = "dropblock.run";

  private final JavaSparkContext spark;
  private final String tag = "run-" + UUID.randomUUID();

  private RunJobs(JavaSparkContext spark) {
    this.spark = spark;
  }

  /**
   * Those from now on.
   *
   * @param name of the run, for people, where there may be jobs of others at the same time
   */
  public static RunJobs begin(JavaSparkContext spark, Optional<String> name) {
    RunJobs jobs = new RunJobs(spark);
    spark.addJobTag(jobs.tag);
    spark.setLocalProperty(NAME, name.orElse(null));
    return jobs;
  }

  /** A description of a job of this thread, with the name of its run if it was told. */
  static String named(JavaSparkContext spark, String description) {
    String name = spark.getLocalProperty(NAME);
    return name == null ? description : name + " · " + description;
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
      spark.setLocalProperty(NAME, null);
    }
  }
}
