package io.dropblock.spark.tune;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dropblock.spark.data.DataException;
import io.dropblock.spark.files.HadoopPath;
import io.dropblock.spark.files.WholeFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * Trials for programs, as a file whose name ends in .json or .csv: an object or a line each, with
 * the keys {@code executors}, {@code cores}, {@code task_cores}, {@code ranks}, {@code slots},
 * {@code local_batch}, {@code prefetch}, {@code images_per_second}, {@code spread} (half the width
 * of its 95 % confidence interval), {@code slices}, {@code resident} and {@code outside_heap}
 * (bytes of an executor, at most), {@code starved} (a share), {@code seconds}, {@code best} and
 * {@code note}. Of a trial that failed the measured ones are missing.
 */
public final class TrialFile {
  private static final ObjectMapper JSON = new ObjectMapper();

  private TrialFile() {}

  /** Whether it has a name by which its form is known. */
  public static boolean isNamed(Path file) {
    return file.getName().endsWith(".json") || file.getName().endsWith(".csv");
  }

  /**
   * Writes them, whole or not at all, in place of a file that is there.
   *
   * @param file its full address
   * @throws DataException where it cannot be written
   */
  public static void write(
      Path file, Configuration configuration, List<Trial> trials, Search search) {
    ArrayNode all = of(trials, search);
    try {
      String text = file.getName().endsWith(".csv") ? csv(all) : all.toPrettyString() + "\n";
      WholeFile.replace(
          HadoopPath.fileSystem(file, configuration), file, text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new DataException("Cannot write --out " + file + ": " + DataException.reason(e), e);
    }
  }

  static ArrayNode of(List<Trial> trials, Search search) {
    ArrayNode all = JSON.createArrayNode();
    Search.State state = search.after(trials);
    for (int at = 0; at < trials.size(); at++) {
      Trial trial = trials.get(at);
      Setting setting = trial.setting();
      ObjectNode one = all.addObject();
      one.put("executors", setting.shape().executors())
          .put("cores", setting.shape().cores())
          .put("task_cores", setting.shape().taskCores())
          .put("ranks", search.bounds().ranks(setting))
          .put("slots", setting.slots())
          .put("local_batch", setting.localBatch())
          .put("prefetch", setting.prefetch());
      trial.measured().ifPresent(measured -> add(one, measured));
      one.put("seconds", trial.seconds())
          .put("best", state.best().filter(it -> it == trial).isPresent())
          .put("note", TrialNote.of(trials, at, search));
    }
    return all;
  }

  private static void add(ObjectNode one, Measured measured) {
    one.put("images_per_second", measured.speed().imagesPerSecond());
    if (Double.isFinite(measured.speed().spread())) {
      one.put("spread", measured.speed().spread());
    }
    one.put("slices", measured.speed().slices())
        .put("resident", measured.resident())
        .put("outside_heap", measured.outside())
        .put("starved", measured.starved());
  }

  private static final List<String> COLUMNS =
      List.of(
          "executors",
          "cores",
          "task_cores",
          "ranks",
          "slots",
          "local_batch",
          "prefetch",
          "images_per_second",
          "spread",
          "slices",
          "resident",
          "outside_heap",
          "starved",
          "seconds",
          "best",
          "note");

  private static String csv(ArrayNode trials) {
    List<String> lines = new ArrayList<>(List.of(String.join(",", COLUMNS)));
    trials.forEach(
        trial ->
            lines.add(
                COLUMNS.stream()
                    .map(key -> cell(trial.path(key).asText()))
                    .collect(Collectors.joining(","))));
    return String.join("\n", lines) + "\n";
  }

  /** As RFC 4180 has it. */
  private static String cell(String text) {
    return text.matches("[^\",\\r\\n]*") ? text : '"' + text.replace("\"", "\"\"") + '"';
  }
}
