package io.dropblock.spark.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.commons.math3.distribution.TDistribution;
import org.apache.commons.math3.stat.StatUtils;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The tables of docs/results.md say what the measured scores beside it say: means, deviations and
 * intervals are counted here once more, from the cells.
 */
class ResultsPageTest {
  private static final Path PAGE = Repository.ROOT.resolve("docs/results.md");
  private static final Path MEASURED = Repository.ROOT.resolve("docs/results");
  private static final Path GRIDS = Repository.ROOT.resolve("spark-jobs/src/main/resources/grids");

  static Stream<Path> experiments() throws IOException {
    try (Stream<Path> files = Files.list(MEASURED)) {
      return files.filter(it -> it.toString().endsWith(".csv")).sorted().toList().stream();
    }
  }

  @ParameterizedTest
  @MethodSource("experiments")
  void theTablesAreThoseOfTheCells(Path csv) throws IOException {
    String name = csv.getFileName().toString().replace(".csv", "");
    JsonNode grid =
        new ObjectMapper(new YAMLFactory()).readTree(GRIDS.resolve(name + ".yaml").toFile());
    Map<String, List<Cell>> scores = new LinkedHashMap<>();
    Cell.read(csv)
        .forEach(it -> scores.computeIfAbsent(it.score, key -> new ArrayList<>()).add(it));
    assertThat(scores).isNotEmpty();
    for (Map.Entry<String, List<Cell>> score : scores.entrySet()) {
      List<String> table = table(name, score.getKey());
      Map<String, List<Cell>> points = new LinkedHashMap<>();
      score
          .getValue()
          .forEach(
              it -> points.computeIfAbsent(it.row + " " + it.x, key -> new ArrayList<>()).add(it));
      assertThat(table).hasSize(points.size());
      for (List<Cell> point : points.values()) {
        assertThat(table)
            .anySatisfy(
                line ->
                    assertThat(line)
                        .startsWith(label(grid, point.get(0).row) + " ")
                        .containsSubsequence(numbers(grid, point, score.getValue())));
      }
    }
  }

  /** What a line of the table says, in this order. */
  private static List<String> numbers(JsonNode grid, List<Cell> point, List<Cell> all) {
    List<String> numbers = new ArrayList<>();
    if (!point.get(0).x.isEmpty()) {
      numbers.add(" " + point.get(0).x + " ");
    }
    double unit = point.get(0).score.equals("cross entropy") ? 1 : 100;
    numbers.add(" " + point.size() + "/");
    numbers.add(mean(point.stream().mapToDouble(it -> unit * it.best).toArray()));
    numbers.add(mean(point.stream().mapToDouble(it -> unit * it.last).toArray()));
    double[] differences =
        point.stream()
            .flatMap(
                it -> baseline(grid, it, all).stream().map(base -> unit * (it.best - base.best)))
            .mapToDouble(it -> it)
            .toArray();
    if (!point.get(0).row.equals(grid.path("baseline").asText()) && differences.length > 1) {
      numbers.add(interval(differences));
    }
    return numbers;
  }

  private static String label(JsonNode grid, String row) {
    for (JsonNode it : grid.get("rows")) {
      if (it.get("name").asText().equals(row)) {
        return it.path("label").asText(row);
      }
    }
    throw new AssertionError("No row " + row);
  }

  /** The baseline of the same seed, at the same place or at its only one. */
  private static Optional<Cell> baseline(JsonNode grid, Cell cell, List<Cell> all) {
    return all.stream()
        .filter(it -> it.row.equals(grid.path("baseline").asText()) && it.seed.equals(cell.seed))
        .filter(it -> it.x.isEmpty() || it.x.equals(cell.x))
        .findFirst();
  }

  private static double deviation(double[] values) {
    return Math.sqrt(StatUtils.variance(values));
  }

  private static String mean(double[] values) {
    return values.length == 1
        ? String.format(Locale.ROOT, "%.2f", values[0])
        : String.format(Locale.ROOT, "%.2f +- %.2f", StatUtils.mean(values), deviation(values));
  }

  private static String interval(double[] values) {
    double half =
        new TDistribution(values.length - 1.0).inverseCumulativeProbability(.975)
            * deviation(values)
            / Math.sqrt(values.length);
    double mean = StatUtils.mean(values);
    return String.format(Locale.ROOT, "%+.2f [%+.2f, %+.2f]", mean, mean - half, mean + half);
  }

  /** The lines of an experiment's table of a score on the page, without its heading. */
  private static List<String> table(String name, String score) throws IOException {
    String page = Repository.read(PAGE);
    int named = page.indexOf("(results/" + name + ".csv)");
    assertThat(named).as("a link to results/%s.csv", name).isNotNegative();
    int begin = page.indexOf("```\n", named) + 4;
    return Arrays.stream(page.substring(begin, page.indexOf("\n```", begin)).split("\n\n"))
        .map(block -> block.lines().toList())
        .filter(lines -> lines.get(0).replace(" %", "").equals(score))
        .findFirst()
        .map(lines -> lines.subList(2, lines.size()))
        .orElseThrow(() -> new AssertionError("No table of " + score + " of " + name));
  }

  /** A cell's score. */
  private record Cell(String row, String x, String seed, String score, double best, double last) {
    static List<Cell> read(Path csv) throws IOException {
      return Repository.read(csv)
          .lines()
          .skip(1)
          .map(line -> line.split(",", -1))
          .map(
              at ->
                  new Cell(
                      at[1],
                      at[2],
                      at[3],
                      at[5],
                      Double.parseDouble(at[6]),
                      Double.parseDouble(at[7])))
          .toList();
    }
  }
}
