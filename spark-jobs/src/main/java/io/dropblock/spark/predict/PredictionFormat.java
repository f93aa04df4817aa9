package io.dropblock.spark.predict;

import io.dropblock.spark.data.annotation.Annotation;
import io.dropblock.spark.predict.output.FinishedParts;
import io.dropblock.spark.predict.output.PartNote;
import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.fs.Path;

/** What predictions are written as. Plain data, which the driver sends to the tasks. */
public interface PredictionFormat extends Serializable {
  /** What people call it: {@code parquet}. */
  String word();

  /** Whether the output has a place that says of a broken image why it is. */
  boolean tellsBroken();

  /**
   * By what the output tells images apart, where that is not their names: no two may have the same.
   *
   * @param known what a prepared data set knows of the image, or null
   * @throws io.dropblock.spark.data.DataException where the image has nothing of that kind
   */
  Optional<String> key(String name, Annotation known);

  /** Begins the files of a part. */
  PartWriter begin(PartPlace place, Inference inference) throws IOException;

  /**
   * Makes the output of all parts, on the driver.
   *
   * @param notes on the parts, in their order
   * @return what becomes the output: the folder, or a file in it
   */
  Path finish(FinishedParts parts, List<PartNote> notes) throws IOException;
}
