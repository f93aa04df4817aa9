package io.dropblock.spark.train.progress;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * A message from an executor to the driver.
 *
 * @param reports of its ranks, those of one rank in the order of their steps
 */
record ReportSlice(List<StepReport> reports) implements Serializable {

  ReportSlice {
    reports = new ArrayList<>(reports);
  }
}
