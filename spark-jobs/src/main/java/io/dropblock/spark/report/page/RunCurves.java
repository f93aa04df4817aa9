package io.dropblock.spark.report.page;

import io.dropblock.metric.Scores.Score;
import io.dropblock.spark.chart.LineChart;
import io.dropblock.spark.chart.Mark;
import io.dropblock.spark.chart.Series;
import io.dropblock.spark.train.event.RunEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.ToDoubleFunction;

/** The curves of some runs, all over the epochs that are done. */
public final class RunCurves {
  private static final String ALONG = "epoch";

  private final List<ReportedRun> runs;

  /**
   * @param runs one or more
   */
  public RunCurves(List<ReportedRun> runs) {
    this.runs = List.copyOf(runs);
  }

  /** A chart of each thing that was measured. */
  public List<LineChart> charts() {
    List<LineChart> charts = new ArrayList<>();
    charts.add(
        new LineChart(
            "Training loss",
            ALONG,
            runs.stream()
                .map(run -> ofSteps(run, named(run, "loss"), RunEvent.Steps::loss))
                .toList(),
            marks()));
    for (String score : scores()) {
      charts.add(
          new LineChart(
              score + " of the validation images, %",
              ALONG,
              runs.stream()
                  .map(run -> ofEpochs(run, named(run, score), epoch -> percent(epoch, score)))
                  .toList(),
              marks()));
    }
    charts.add(
        new LineChart(
            "Learning rate",
            ALONG,
            runs.stream()
                .map(run -> ofSteps(run, named(run, "rate"), RunEvent.Steps::learningRate))
                .toList()));
    charts.add(new LineChart("Keep probability, and the share that was kept", ALONG, kept()));
    if (runs.size() == 1) {
      SiteCurves.of(runs.get(0)).ifPresent(charts::add);
    }
    charts.add(
        new LineChart(
            "Images per second, all ranks",
            ALONG,
            runs.stream()
                .map(run -> ofEpochs(run, named(run, "images/s"), RunEvent.Epoch::imagesPerSecond))
                .toList()));
    return charts;
  }

  /** Of several runs they would say nothing. */
  private List<Mark> marks() {
    return runs.size() == 1 ? RunMarks.of(runs.get(0)) : List.of();
  }

  private List<Series> kept() {
    List<Series> kept = new ArrayList<>();
    for (ReportedRun run : runs) {
      kept.add(ofSteps(run, named(run, "keep_prob"), RunEvent.Steps::keepProbability));
      kept.add(ofSteps(run, named(run, "kept"), RunEvent.Steps::keptFraction));
    }
    return kept;
  }

  /** Main scores of all runs. */
  private List<String> scores() {
    return runs.stream()
        .flatMap(run -> run.epochs().stream())
        .map(RunEvent.Epoch::scores)
        .filter(Objects::nonNull)
        .flatMap(scores -> scores.main().stream())
        .map(Score::name)
        .distinct()
        .toList();
  }

  private static double percent(RunEvent.Epoch epoch, String score) {
    return epoch.scores() == null
        ? Double.NaN
        : epoch.scores().value(score).map(share -> 100 * share).orElse(Double.NaN);
  }

  private String named(ReportedRun run, String what) {
    return runs.size() == 1 ? what : run.name() + ": " + what;
  }

  private static Series ofSteps(
      ReportedRun run, String name, ToDoubleFunction<RunEvent.Steps> value) {
    double stepsPerEpoch = run.started().orElseThrow().stepsPerEpoch();
    List<RunEvent.Steps> steps = run.steps();
    return new Series(
        name,
        steps.stream().mapToDouble(it -> (it.step() + 1) / stepsPerEpoch).toArray(),
        steps.stream().mapToDouble(value).toArray());
  }

  /** Epochs without a value are left out, so that those before and behind are joined. */
  private static Series ofEpochs(
      ReportedRun run, String name, ToDoubleFunction<RunEvent.Epoch> value) {
    List<RunEvent.Epoch> epochs =
        run.epochs().stream().filter(it -> Double.isFinite(value.applyAsDouble(it))).toList();
    return new Series(
        name,
        epochs.stream().mapToDouble(it -> it.epoch() + 1).toArray(),
        epochs.stream().mapToDouble(value).toArray());
  }
}
