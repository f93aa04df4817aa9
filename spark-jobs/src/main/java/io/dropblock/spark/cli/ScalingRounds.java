package io.dropblock.spark.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dropblock.spark.data.DataException;
import io.dropblock.spark.files.HadoopPath;
import io.dropblock.spark.scaling.comparison.MeasuredRounds;
import java.io.IOException;
import java.io.InputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** The file that {@code bench averaging --json} writes. */
final class ScalingRounds {
  private static final double MILLISECOND = 1e-3;

  private final Path file;
  private final JsonNode root;

  private ScalingRounds(Path file, JsonNode root) {
    this.file = file;
    this.root = root;
  }

  /**
   * Reads one.
   *
   * @throws DataException if it cannot be read, or is not such a file
   */
  static MeasuredRounds of(Path file, Configuration configuration) {
    try (InputStream in = HadoopPath.fileSystem(file, configuration).open(file)) {
      JsonNode root = new ObjectMapper().readTree(in);
      if (!root.path("benchmark").asText().equals("averaging")) {
        throw new DataException(
            "Cannot read rounds " + file + ": it is not what bench averaging --json writes");
      }
      return new ScalingRounds(file, root).rounds();
    } catch (IOException e) {
      throw new DataException("Cannot read rounds " + file + ": " + DataException.reason(e), e);
    }
  }

  private MeasuredRounds rounds() {
    try {
      return new MeasuredRounds(
          root.path("world").asInt(),
          root.path("parameters").asLong(),
          round("ring"),
          round("chain"),
          few());
    } catch (IllegalArgumentException e) {
      throw new DataException("Cannot use rounds " + file + ": " + e.getMessage(), e);
    }
  }

  private double round(String which) {
    for (JsonNode round : root.path("rounds")) {
      if (round.path("case").asText().equals(which)) {
        return round.path("median_ms").asDouble() * MILLISECOND;
      }
    }
    throw new DataException("Cannot use rounds " + file + ": there is no " + which + " in it");
  }

  /** What the fit with the fewest parameters costs beside its step. */
  private double few() {
    long fewest = Long.MAX_VALUE;
    double cost = 0;
    for (JsonNode fit : root.path("fits")) {
      if (fit.path("master").asText().equals("ring") && fit.path("parameters").asLong() < fewest) {
        fewest = fit.path("parameters").asLong();
        cost = fit.path("cost_ms").asDouble() * MILLISECOND;
      }
    }
    return cost;
  }
}
