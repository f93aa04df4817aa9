package io.dropblock.spark.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

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
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
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
  private static final double HALF_A_PLACE = .00501;
  private static final Path GRIDS = Repository.ROOT.resolve("spark-jobs/src/main/resources/grids");

  static Stream<Path> experiments() throws IOException {
    try (Stream<Path> files = Files.list(MEASURED)) {
      return files
          .filter(it -> it.toString().endsWith(".csv"))
          .filter(it -> Files.exists(GRIDS.resolve(name(it) + ".yaml")))
          .sorted()
          .toList()
          .stream();
    }
  }

  private static String name(Path csv) {
    return csv.getFileName().toString().replace(".csv", "");
  }

  @ParameterizedTest
  @MethodSource("experiments")
  void theTablesAreThoseOfTheCells(Path csv) throws IOException {
    String name = name(csv);
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
        String label = label(grid, point.get(0).row) + " ";
        List<Double> expected = numbers(grid, point, score.getValue());
        assertThat(table)
            .filteredOn(line -> line.startsWith(label))
            .as(label + point.get(0).x + " " + score.getKey())
            .anySatisfy(line -> assertSame(line.substring(label.length()), expected));
      }
    }
  }

  /** Rounded to two places. */
  private static void assertSame(String line, List<Double> expected) {
    List<Double> found =
        Pattern.compile("[-+]?\\d+([.]\\d+)?")
            .matcher(line.replace("+-", " "))
            .results()
            .map(it -> Double.valueOf(it.group()))
            .toList();
    assertThat(found).hasSameSizeAs(expected);
    for (int i = 0; i < found.size(); i++) {
      assertThat(found.get(i)).isCloseTo(expected.get(i), within(HALF_A_PLACE));
    }
  }

  /** What a line of the table says behind its label, in this order. */
  private static List<Double> numbers(JsonNode grid, List<Cell> point, List<Cell> all) {
    List<Double> numbers = new ArrayList<>();
    if (!point.get(0).x.isEmpty()) {
      numbers.add(Double.valueOf(point.get(0).x));
    }
    double unit = point.get(0).score.equals("cross entropy") ? 1 : 100;
    double cells = point.size();
    numbers.addAll(List.of(cells, cells));
    numbers.add(
        Math.round(10 * point.stream().mapToDouble(Cell::epoch).average().orElseThrow()) / 10.);
    numbers.addAll(mean(point.stream().mapToDouble(it -> unit * it.best).toArray()));
    numbers.addAll(mean(point.stream().mapToDouble(it -> unit * it.last).toArray()));
    double[] differences =
        point.stream()
            .flatMap(
                it -> baseline(grid, it, all).stream().map(base -> unit * (it.best - base.best)))
            .mapToDouble(it -> it)
            .toArray();
    if (grid.has("baseline") && !point.get(0).row.equals(grid.get("baseline").asText())) {
      numbers.addAll(interval(differences));
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

  private static List<Double> mean(double[] values) {
    return List.of(StatUtils.mean(values), deviation(values));
  }

  private static List<Double> interval(double[] values) {
    double half =
        new TDistribution(values.length - 1.0).inverseCumulativeProbability(.975)
            * deviation(values)
            / Math.sqrt(values.length);
    double mean = StatUtils.mean(values);
    return List.of(mean, mean - half, mean + half);
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
  private record Cell(
      String row, String x, String seed, double epoch, String score, double best, double last) {
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
                      Double.parseDouble(at[4]),
                      at[5],
                      Double.parseDouble(at[6]),
                      Double.parseDouble(at[7])))
          .toList();
    }
  }
}
