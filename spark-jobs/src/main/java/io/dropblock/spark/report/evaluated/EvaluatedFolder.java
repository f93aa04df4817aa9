package io.dropblock.spark.report.evaluated;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.dropblock.spark.evaluate.ConfusionCsv;
import io.dropblock.spark.files.HadoopPath;
import io.dropblock.spark.files.WholeFile;
import io.dropblock.spark.report.ExampleSheet;
import io.dropblock.spark.train.failure.WriteFailure;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder {@code evaluated} of a run, whose files are replaced at each evaluation, each whole:
 * {@code scores.json}, {@code mistakes.png}, {@code right.png}, and of tasks with classes to
 * confuse {@code confusion.csv}, if they are at most {@value #MOST_CLASSES}. Each tells its epoch.
 *
 * @param files where the run is
 * @param run its folder
 */
public record EvaluatedFolder(FileSystem files, Path run) {
  private static final Logger LOG = LoggerFactory.getLogger(EvaluatedFolder.class);

  /** With more a table is large, and nobody looks at it: 1000 classes are 2 MB. */
  static final int MOST_CLASSES = 200;

  private static final int SIDE = 160;
  private static final long MOST_BYTES = 16 << 20;

  Path path() {
    return HadoopPath.in(run, "evaluated");
  }

  private Path file(String name) {
    return HadoopPath.in(path(), name);
  }

  /** Writes all files; those before one that cannot be written are new, the others as before. */
  void write(EvaluatedEpoch evaluated) throws IOException {
    files.mkdirs(path());
    WholeFile.replace(files, file("scores.json"), EvaluatedJson.bytes(evaluated));
    if (evaluated.pairs().isPresent() && evaluated.classes().size() <= MOST_CLASSES) {
      String corner = "true class (epoch " + evaluated.epochs() + ")";
      String csv = ConfusionCsv.text(corner, evaluated.classes(), evaluated.pairs().get()::count);
      WholeFile.replace(files, file("confusion.csv"), csv.getBytes(UTF_8));
    }
    WholeFile.replace(files, file("mistakes.png"), png(evaluated.worst()));
    WholeFile.replace(files, file("right.png"), png(evaluated.right()));
  }

  private static byte[] png(ExampleSheet.Section section) throws IOException {
    return new ExampleSheet(List.of(section), SIDE).png();
  }

  /** What is there; empty of a run of an older version, or where it cannot be read. */
  public Optional<Evaluated> read() {
    try {
      Optional<byte[]> scores = bytes("scores.json");
      return scores.isPresent()
          ? Optional.of(EvaluatedJson.parse(scores.get(), key -> bytes(key + ".png")))
          : Optional.empty();
    } catch (IOException | RuntimeException e) {
      LOG.warn("Cannot show what was evaluated in {}: {}", path(), WriteFailure.reason(e));
      return Optional.empty();
    }
  }

  private Optional<byte[]> bytes(String name) throws IOException {
    try {
      long length = files.getFileStatus(file(name)).getLen();
      if (length > MOST_BYTES) {
        throw new IOException(name + " has more than " + MOST_BYTES + " bytes");
      }
      try (FSDataInputStream in = files.open(file(name))) {
        return Optional.of(in.readAllBytes());
      }
    } catch (FileNotFoundException e) {
      return Optional.empty();
    }
  }
}
