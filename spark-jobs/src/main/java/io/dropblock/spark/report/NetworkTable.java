package io.dropblock.spark.report;

import io.dropblock.model.DropBlockSummary;
import io.dropblock.model.LayerSummary;
import io.dropblock.model.NetworkSummary;
import io.dropblock.model.Regularization.Kind;
import io.dropblock.op.BlockGeometry;
import io.dropblock.schedule.Schedule;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.DoubleStream;

/** The tables of a network: its layers, and the sites that drop activations with their gamma. */
public final class NetworkTable {
  /** Start, middle and end. */
  private static final double[] MOMENTS = {0, 0.5, 1};

  private NetworkTable() {}

  /**
   * Renders a network.
   *
   * @param keepProbability nominal keep probability over a training, for whose start, middle and
   *     end gamma is shown; without epochs: {@link Schedule#over}
   */
  public static String of(NetworkSummary network, Schedule keepProbability) {
    StringBuilder table = new StringBuilder();
    table.append(
        format(
            "%-32s %-22s %14s %12s %16s%n",
            "layer", "kind", "output", "parameters", "multiply-adds"));
    for (LayerSummary layer : network.layers()) {
      table.append(
          format(
              "%-32s %-22s %14s %,12d %,16d%n",
              layer.name(),
              layer.kind(),
              layer.output(),
              layer.trainableParameters(),
              layer.multiplyAdds()));
    }
    return table.append(totals(network)).append(sites(network, keepProbability)).toString();
  }

  /** Papers count networks as they are at inference, without a second classifier. */
  private static String totals(NetworkSummary network) {
    NetworkSummary second = network.auxiliary();
    long parameters = network.trainableParameters();
    long statistics = network.movingStatistics();
    long products = network.multiplyAdds();
    String all = format("%nTrainable %s%n", totals(parameters, statistics, products));
    if (second.layers().isEmpty()) {
      return all;
    }
    long ofSecond = second.trainableParameters();
    return all
        + format(
            "Of which in the auxiliary classifier, in training only: %s%n",
            totals(ofSecond, second.movingStatistics(), second.multiplyAdds()))
        + format(
            "Without it: %s%n",
            totals(
                parameters - ofSecond,
                statistics - second.movingStatistics(),
                products - second.multiplyAdds()));
  }

  private static String totals(long parameters, long statistics, long products) {
    return format(
        "parameters %,d, moving statistics %,d, multiply-adds an image %,d",
        parameters, statistics, products);
  }

  private static String sites(NetworkSummary network, Schedule keepProbability) {
    if (network.dropBlocks().isEmpty()) {
      return format("No DropBlock sites%n");
    }
    double[] keep = new double[MOMENTS.length];
    Arrays.setAll(keep, moment -> keepProbability.at(MOMENTS[moment]));
    StringBuilder table = new StringBuilder();
    table.append(
        format(
            "%n%d %s sites; at the start, in the middle and at the end of the training%n",
            network.dropBlocks().size(), title(network.dropBlocks().get(0).kind())));
    table.append(
        format(
            "%-32s %14s %8s %22s %32s %12s%n",
            "site", "map", "block", "keep_prob", "gamma", "kept at end"));
    for (DropBlockSummary site : network.dropBlocks()) {
      table.append(row(site, Arrays.stream(keep).map(at -> 1 - (1 - at) * site.dropScale())));
    }
    return table.toString();
  }

  private static String row(DropBlockSummary site, DoubleStream keepProbabilities) {
    BlockGeometry geometry = site.geometry();
    double[] keep = keepProbabilities.toArray();
    return format(
        "%-32s %14s %8s   %6.4f %6.4f %6.4f   %9.3e %9.3e %9.3e %12.4f%n",
        site.name(),
        site.map(),
        site.kind().isOfPaths() ? "sample" : geometry.blockHeight() + "x" + geometry.blockWidth(),
        keep[0],
        keep[1],
        keep[2],
        geometry.gamma(keep[0]),
        geometry.gamma(keep[1]),
        geometry.gamma(keep[2]),
        geometry.expectedKeep(keep[2]));
  }

  /** A recipe has one kind for all its sites. */
  private static String title(Kind kind) {
    return switch (kind) {
      case DROPBLOCK -> "DropBlock";
      case DROPOUT -> "dropout";
      case SPATIAL_DROPOUT -> "SpatialDropout";
      case DROP_PATH, DROP_PATH_BY_CELL -> "DropPath";
    };
  }

  private static String format(String pattern, Object... values) {
    return String.format(Locale.ROOT, pattern, values);
  }
}
