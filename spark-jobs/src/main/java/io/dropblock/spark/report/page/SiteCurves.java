package io.dropblock.spark.report.page;

import io.dropblock.spark.chart.LineChart;
import io.dropblock.spark.chart.Series;
import io.dropblock.spark.train.event.RunEvent;
import io.dropblock.spark.train.event.RunEvent.SiteShare;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/** What DropBlock's sites kept, epoch by epoch: each site, or of many the extremes. */
final class SiteCurves {
  private static final int MOST_LINES = 6;

  private SiteCurves() {}

  /** Empty without a site. */
  static Optional<LineChart> of(ReportedRun run) {
    List<RunEvent.Epoch> epochs =
        run.epochs().stream().filter(epoch -> !epoch.sites().isEmpty()).toList();
    if (epochs.isEmpty()) {
      return Optional.empty();
    }
    List<SiteShare> sites = epochs.get(epochs.size() - 1).sites();
    List<Series> series = new ArrayList<>();
    series.add(curve("expected", epochs, epoch -> mean(epoch, SiteShare::expected)));
    if (sites.size() <= MOST_LINES) {
      sites.forEach(
          site -> series.add(curve(site.site(), epochs, epoch -> kept(epoch, site.site()))));
    } else {
      series.add(curve("kept, mean of sites", epochs, epoch -> mean(epoch, SiteShare::kept)));
      series.add(
          curve(
              "site that kept least",
              epochs,
              epoch -> epoch.sites().stream().mapToDouble(SiteShare::kept).min().orElse(1)));
      series.add(
          curve(
              "site that kept most",
              epochs,
              epoch -> epoch.sites().stream().mapToDouble(SiteShare::kept).max().orElse(1)));
    }
    return Optional.of(
        new LineChart(
            sites.size() == 1
                ? "Share kept at the site"
                : "Share kept at " + sites.size() + " sites",
            "epoch",
            series));
  }

  private static Series curve(
      String name, List<RunEvent.Epoch> epochs, ToDoubleFunction<RunEvent.Epoch> value) {
    return new Series(
        name,
        epochs.stream().mapToDouble(epoch -> epoch.epoch() + 1).toArray(),
        epochs.stream().mapToDouble(value).toArray());
  }

  private static double mean(RunEvent.Epoch epoch, ToDoubleFunction<SiteShare> share) {
    return epoch.sites().stream().mapToDouble(share).average().orElse(1);
  }

  private static double kept(RunEvent.Epoch epoch, String site) {
    return epoch.sites().stream()
        .filter(share -> share.site().equals(site))
        .mapToDouble(SiteShare::kept)
        .findFirst()
        .orElse(Double.NaN);
  }
}
