package io.dropblock.spark.predict;

import io.dropblock.spark.data.DataException;
import io.dropblock.spark.data.annotation.Annotation;
import io.dropblock.spark.predict.output.FinishedParts;
import io.dropblock.spark.predict.output.PartNote;
import io.dropblock.spark.predict.output.WrittenFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.Path;

/**
 * A folder with a PNG for each image, in the colours of PASCAL VOC, as its evaluation server takes
 * it: {@code 2008_000003.png} is that of {@code JPEGImages/2008_000003.jpg}.
 */
record LabelMapFormat() implements PredictionFormat {
  private static final Pattern ENDING = Pattern.compile("(?i)\\.(jpe?g|png)$");

  @Override
  public String word() {
    return "png";
  }

  @Override
  public boolean tellsBroken() {
    return false;
  }

  @Override
  public Optional<String> key(String name, Annotation known) {
    String stem = ENDING.matcher(name.substring(name.lastIndexOf('/') + 1)).replaceFirst("");
    if (stem.isEmpty() || stem.startsWith(".") || stem.startsWith("_")) {
      throw new DataException(
          "Cannot write image "
              + name
              + " as --format png: a file of its name would be hidden; take --format parquet");
    }
    return Optional.of(stem + ".png");
  }

  @Override
  public PartWriter begin(PartPlace place, Inference inference) {
    List<WrittenFile> files = new ArrayList<>();
    return new PartWriter() {
      @Override
      public void write(String name, String key, Prediction prediction) throws IOException {
        files.add(place.write(key, ((LabelMapPrediction) prediction).colouredPng()));
      }

      @Override
      public void writeBroken(String name, String reason) {}

      @Override
      public List<WrittenFile> finish() {
        return files;
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public Path finish(FinishedParts parts, List<PartNote> notes) {
    return parts.folder();
  }
}
