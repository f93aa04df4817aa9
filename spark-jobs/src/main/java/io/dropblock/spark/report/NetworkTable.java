package io.dropblock.spark.report;

import io.dropblock.model.DropBlockSummary;
import io.dropblock.model.LayerSummary;
import io.dropblock.model.NetworkSummary;
import io.dropblock.model.Regularization.Kind;
import io.dropblock.op.BlockGeometry;
import java.util.Locale;

/** The tables of a network: its layers, and the sites that drop activations with their gamma. */
public final class NetworkTable {
  private NetworkTable() {}

  /**
   * Renders a network.
   *
   * @param keepProbability nominal keep probability for which gamma is shown, 0 to 1
   */
  public static String of(NetworkSummary network, double keepProbability) {
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
    table.append(
        format(
            "%nTrainable parameters %,d, moving statistics %,d, multiply-adds an image %,d%n",
            network.trainableParameters(), network.movingStatistics(), network.multiplyAdds()));
    return table.append(sites(network, keepProbability)).toString();
  }

  private static String sites(NetworkSummary network, double keepProbability) {
    if (network.dropBlocks().isEmpty()) {
      return format("No DropBlock sites%n");
    }
    StringBuilder table = new StringBuilder();
    table.append(
        format(
            "%n%d %s sites at keep_prob %.3f%n",
            network.dropBlocks().size(),
            title(network.dropBlocks().get(0).kind()),
            keepProbability));
    table.append(
        format(
            "%-32s %14s %8s %10s %12s %8s%n",
            "site", "map", "block", "keep_prob", "gamma", "kept"));
    for (DropBlockSummary site : network.dropBlocks()) {
      table.append(row(site, 1 - (1 - keepProbability) * site.dropScale()));
    }
    return table.toString();
  }

  private static String row(DropBlockSummary site, double keepProbability) {
    BlockGeometry geometry = site.geometry();
    return format(
        "%-32s %14s %8s %10.4f %12.4e %8.4f%n",
        site.name(),
        site.map(),
        site.kind().isOfPaths() ? "sample" : geometry.blockHeight() + "x" + geometry.blockWidth(),
        keepProbability,
        geometry.gamma(keepProbability),
        geometry.expectedKeep(keepProbability));
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
