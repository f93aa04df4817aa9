package io.dropblock.spark.cli.assembly;

import io.dropblock.metric.Metric;
import io.dropblock.spark.objective.Objective;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** What a network says of each image, as a file in the format of the task's benchmark. */
public interface Results {

  /** Measures as the task does, with a metric that keeps what the network says. */
  Objective<?> objective();

  /**
   * Writes the file, in place of one that is there.
   *
   * @param measured the {@link #objective}'s metric
   * @param file its full address
   * @throws io.dropblock.spark.data.DataException where it cannot be written
   */
  void write(Metric<?> measured, Path file, Configuration configuration);
}
