package io.dropblock.spark.evaluate;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.dropblock.metric.Confused;
import io.dropblock.spark.data.DataException;
import io.dropblock.spark.files.HadoopPath;
import io.dropblock.spark.files.WholeFile;
import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * Which class was taken for which, as a table of comma-separated values (RFC 4180): a row for each
 * true class, a column for each that was predicted, both by name.
 */
public final class ConfusionCsv {
  private static final String CORNER = "true class";

  private ConfusionCsv() {}

  /**
   * Writes it, whole or not at all, in place of a file that is there.
   *
   * @param file its full address
   * @throws DataException where it cannot be written
   */
  public static void write(Path file, Configuration configuration, Confused confused) {
    try {
      WholeFile.replace(
          HadoopPath.fileSystem(file, configuration), file, text(confused).getBytes(UTF_8));
    } catch (IOException e) {
      throw new DataException(
          "Cannot write confusion matrix " + file + ": " + DataException.reason(e), e);
    }
  }

  static String text(Confused confused) {
    return text(CORNER, confused.classes(), confused.confusion()::count);
  }

  /** How often a class was taken for a class. */
  @FunctionalInterface
  public interface Counts {
    /**
     * Counts.
     *
     * @param truth number of the true class
     * @param predicted number of the other one
     */
    long of(int truth, int predicted);
  }

  /**
   * The table.
   *
   * @param corner what stands over the true classes
   * @param classes their names by number
   */
  public static String text(String corner, List<String> classes, Counts counts) {
    Stream<String> head =
        Stream.of(row(quoted(corner), classes.stream().map(ConfusionCsv::quoted)));
    return Stream.concat(
            head, IntStream.range(0, classes.size()).mapToObj(truth -> row(classes, truth, counts)))
        .collect(Collectors.joining());
  }

  private static String row(List<String> classes, int truth, Counts counts) {
    return row(
        quoted(classes.get(truth)),
        IntStream.range(0, classes.size())
            .mapToObj(predicted -> String.valueOf(counts.of(truth, predicted))));
  }

  private static String row(String first, Stream<String> cells) {
    return Stream.concat(Stream.of(first), cells).collect(Collectors.joining(",", "", "\r\n"));
  }

  private static String quoted(String name) {
    return name.chars().anyMatch(it -> ",\"\r\n".indexOf(it) >= 0)
        ? '"' + name.replace("\"", "\"\"") + '"'
        : name;
  }
}
