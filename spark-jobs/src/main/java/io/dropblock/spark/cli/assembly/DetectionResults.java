package io.dropblock.spark.cli.assembly;

import io.dropblock.metric.Metric;
import io.dropblock.metric.coco.AveragePrecision;
import io.dropblock.spark.evaluate.coco.ResultsFile;
import io.dropblock.spark.objective.Detection;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * Objects with boxes, as COCO has them.
 *
 * @param objective keeps what is found
 * @param categories ids by label
 */
record DetectionResults(Detection objective, List<Integer> categories) implements Results {

  @Override
  public void write(Metric<?> measured, Path file, Configuration configuration) {
    ResultsFile.write(file, configuration, ((AveragePrecision) measured).found(), categories);
  }
}
