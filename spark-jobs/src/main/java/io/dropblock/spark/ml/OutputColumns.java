package io.dropblock.spark.ml;

import io.dropblock.spark.cli.assembly.TrainedInference;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.parquet.schema.MessageType;
import org.apache.spark.sql.types.StructType;

/** Which columns a model's parameters ask for. */
final class OutputColumns {
  private OutputColumns() {}

  /**
   * In the order in which they are added.
   *
   * @param layerLength numbers of the layer whose activations are asked for; 0 for none
   * @throws IllegalArgumentException if the network has none of that kind, or none is asked for
   */
  static List<OutputColumn> of(
      DropBlockModelParams params, TrainedInference trained, int layerLength) {
    List<OutputColumn> columns = new ArrayList<>();
    String prediction = params.getPredictionCol();
    String probability = params.getProbabilityCol();
    if (!probability.isEmpty() && trained.classes().isEmpty()) {
      throw new IllegalArgumentException(
          "Cannot fill column '"
              + probability
              + "' with probabilities: the network does not give an image one class; leave"
              + " probabilityCol empty");
    }
    if (!prediction.isEmpty()) {
      columns.add(
          trained.classes().isPresent()
              ? new PredictedClass(prediction, trained.classes().get())
              : PredictedStruct.of(
                  prediction, new MessageType("prediction", trained.inference().columns())));
    }
    if (!probability.isEmpty()) {
      columns.add(new ClassProbabilities(probability, trained.classes().orElseThrow().size()));
    }
    if (layerLength > 0) {
      columns.add(new LayerFeatures(params.getFeaturesCol(), layerLength));
    }
    if (columns.isEmpty()) {
      throw new IllegalArgumentException(
          "Cannot predict without a column for it: set predictionCol, probabilityCol or"
              + " featuresCol");
    }
    if (InvalidImages.of(params.getHandleInvalid()) == InvalidImages.KEEP
        && !params.getBrokenCol().isEmpty()) {
      columns.add(new BrokenReason(params.getBrokenCol()));
    }
    return columns;
  }

  /**
   * Looks whether each name will be one column's.
   *
   * @param rows what there is
   * @throws IllegalArgumentException if not
   */
  static void requireFree(StructType rows, List<OutputColumn> columns) {
    Set<String> names = new HashSet<>();
    for (String name : rows.fieldNames()) {
      if (!names.add(name)) {
        throw new IllegalArgumentException(
            "Cannot transform rows with two columns '" + name + "': rename one of them");
      }
    }
    // Spark looks for columns without regard to case, unless it is told otherwise
    Set<String> taken = new HashSet<>();
    names.forEach(name -> taken.add(name.toLowerCase(Locale.ROOT)));
    for (OutputColumn column : columns) {
      String name = column.field().name();
      if (!taken.add(name.toLowerCase(Locale.ROOT))) {
        throw new IllegalArgumentException(
            "Cannot add column '"
                + name
                + "': there is one already; drop it, or set another of predictionCol,"
                + " probabilityCol, featuresCol, brokenCol");
      }
    }
  }
}
