package io.dropblock.spark.predict;

import io.dropblock.spark.predict.output.WrittenFile;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;

/** Writes what is said of a part's images. Closing it deletes what has no final name by then. */
public interface PartWriter extends Closeable {
  /**
   * An image.
   *
   * @param key of {@link PredictionFormat#key}; null where it has none
   */
  void write(String name, String key, Prediction prediction) throws IOException;

  /** An image of which nothing is said, because of the reason. */
  void writeBroken(String name, String reason) throws IOException;

  /** Gives all files their names. Nothing is written after it. */
  List<WrittenFile> finish() throws IOException;
}
