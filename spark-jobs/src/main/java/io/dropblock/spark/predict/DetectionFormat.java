package io.dropblock.spark.predict;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.dropblock.spark.data.DataException;
import io.dropblock.spark.data.annotation.Annotation;
import io.dropblock.spark.data.annotation.ObjectSet;
import io.dropblock.spark.evaluate.coco.ResultsFile;
import io.dropblock.spark.predict.output.FinishedParts;
import io.dropblock.spark.predict.output.PartNote;
import io.dropblock.spark.predict.output.WrittenFile;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.IOUtils;

/**
 * One file in COCO's results format. An image's id is that of a prepared data set, else the number
 * in its name: {@code 000000000139.jpg}, {@code COCO_val2014_000000000139.jpg}.
 *
 * @param categories ids by the number of a class
 */
record DetectionFormat(List<Integer> categories) implements PredictionFormat {
  /** What a long holds. */
  private static final Pattern NUMBERED =
      Pattern.compile("(?:COCO_[a-z]+[0-9]{4}_)?([0-9]{1,18})\\.[A-Za-z]+");

  private static final String WHOLE = FinishedParts.NOTES + "/results.json";

  /** An array without an element. */
  private static final int EMPTY = 2;

  @Override
  public String word() {
    return "coco";
  }

  @Override
  public boolean tellsBroken() {
    return false;
  }

  @Override
  public Optional<String> key(String name, Annotation known) {
    if (known instanceof ObjectSet objects) {
      return Optional.of(Long.toString(objects.imageId()));
    }
    Matcher numbered = NUMBERED.matcher(name.substring(name.lastIndexOf('/') + 1));
    if (!numbered.matches()) {
      throw new DataException(
          "Cannot write image "
              + name
              + " as --format coco: its name has no image id, as 000000000139.jpg has; take"
              + " --format parquet");
    }
    return Optional.of(Long.toString(Long.parseLong(numbered.group(1))));
  }

  @Override
  public PartWriter begin(PartPlace place, Inference inference) throws IOException {
    String file = FinishedParts.NOTES + "/" + place.part() + ".results.json";
    JsonGenerator json =
        new JsonFactory()
            .createGenerator(
                (OutputStream) place.parts().fileSystem().create(place.temporary(file)));
    json.writeStartArray();
    return new PartWriter() {
      @Override
      public void write(String name, String key, Prediction prediction) throws IOException {
        ResultsFile.write(
            json, Long.parseLong(key), ((DetectionPrediction) prediction).found(), categories);
      }

      @Override
      public void writeBroken(String name, String reason) {}

      @Override
      public List<WrittenFile> finish() throws IOException {
        json.writeEndArray();
        json.close();
        return List.of(place.rename(file));
      }

      @Override
      public void close() throws IOException {
        try {
          json.close();
        } finally {
          place.delete(file);
        }
      }
    };
  }

  /** The elements of the parts' arrays in one. */
  @Override
  public Path finish(FinishedParts parts, List<PartNote> notes) throws IOException {
    Path whole = parts.file(WHOLE);
    try (FSDataOutputStream out = parts.fileSystem().create(whole, true)) {
      char before = '[';
      for (PartNote note : notes) {
        WrittenFile part = note.files().get(0);
        if (part.bytes() > EMPTY) {
          out.write(before);
          before = ',';
          try (FSDataInputStream in = parts.fileSystem().open(parts.file(part.name()))) {
            in.seek(1);
            IOUtils.copyBytes(in, out, part.bytes() - EMPTY, false);
          }
        }
      }
      if (before == '[') {
        out.write('[');
      }
      out.write(']');
    }
    return whole;
  }
}
