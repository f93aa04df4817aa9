package io.dropblock.spark.ml;

import java.util.Iterator;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;

/**
 * Asks the network about the images of a partition.
 *
 * @param network as {@link NetworkBytes}
 * @param plan what is made of rows
 */
record PredictingTask(Broadcast<byte[]> network, RowPlan plan)
    implements MapPartitionsFunction<Row, Row> {

  @Override
  public Iterator<Row> call(Iterator<Row> rows) {
    TaskContext task = TaskContext.get();
    PredictedRows predicted =
        new PredictedRows(
            rows, plan, network.value(), TaskResources.ofThisTask(), task.partitionId());
    task.addTaskCompletionListener((TaskContext ended) -> predicted.close());
    return predicted;
  }
}
