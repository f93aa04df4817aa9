package io.dropblock.spark.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobEnd;
import org.apache.spark.scheduler.SparkListenerJobStart;

/** When the jobs of an application ran, and of which run they were; Spark makes it by its name. */
public final class JobTimes extends SparkListener {
  private static final Map<Integer, Job> JOBS = new ConcurrentHashMap<>();

  /**
   * A job that has ended, or not yet.
   *
   * @param tags of the run
   * @param begin in milliseconds
   * @param end likewise
   */
  record Job(String tags, long begin, long end) {
    boolean overlaps(Job other) {
      return begin < other.end && other.begin < end;
    }
  }

  static void forget() {
    JOBS.clear();
  }

  static List<Job> all() {
    return new ArrayList<>(JOBS.values());
  }

  @Override
  public void onJobStart(SparkListenerJobStart job) {
    Properties properties = job.properties();
    String tags = properties == null ? "" : properties.getProperty("spark.job.tags", "");
    JOBS.put(job.jobId(), new Job(tags, job.time(), Long.MAX_VALUE));
  }

  @Override
  public void onJobEnd(SparkListenerJobEnd end) {
    JOBS.computeIfPresent(end.jobId(), (id, job) -> new Job(job.tags, job.begin, end.time()));
  }
}
