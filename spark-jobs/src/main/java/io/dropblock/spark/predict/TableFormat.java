package io.dropblock.spark.predict;

import io.dropblock.spark.data.annotation.Annotation;
import io.dropblock.spark.predict.output.FinishedParts;
import io.dropblock.spark.predict.output.PartNote;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.fs.Path;

/** A folder of Parquet files, one a part. */
record TableFormat() implements PredictionFormat {
  /** As Spark and Hadoop have it: who finds it knows that all files are there. */
  private static final String SUCCESS = "_SUCCESS";

  @Override
  public String word() {
    return "parquet";
  }

  @Override
  public boolean tellsBroken() {
    return true;
  }

  @Override
  public Optional<String> key(String name, Annotation known) {
    return Optional.empty();
  }

  @Override
  public PartWriter begin(PartPlace place, Inference inference) throws IOException {
    return new PredictionRows(place, inference);
  }

  @Override
  public Path finish(FinishedParts parts, List<PartNote> notes) throws IOException {
    parts.fileSystem().create(parts.file(SUCCESS), true).close();
    return parts.folder();
  }
}
