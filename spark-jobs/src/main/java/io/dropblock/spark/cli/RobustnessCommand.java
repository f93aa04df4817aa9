package io.dropblock.spark.cli;

import io.dropblock.nn.NetworkState;
import io.dropblock.spark.analyze.DropPlaces;
import io.dropblock.spark.analyze.DropSweep;
import io.dropblock.spark.cluster.TaskSlots;
import io.dropblock.spark.data.Split;
import io.dropblock.spark.data.shard.DatasetManifest;
import io.dropblock.spark.evaluate.Evaluation;
import io.dropblock.spark.report.SweepTable;
import io.dropblock.spark.text.Count;
import io.dropblock.spark.train.failure.TrainingException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Networks that drop at inference. */
@Command(
    name = "robustness",
    description =
        "Measures trained networks while blocks are dropped at inference, at several keep"
            + " probabilities: the paper's figure 5, as a table and a chart for each block size.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Example:",
      "  ./submit.sh analyze robustness runs/plain runs/dropblock --data data/photos \\",
      "      --block 1,7 --keep 0.75,0.8,0.9,1 --out figure-5"
    })
final class RobustnessCommand implements Callable<Integer> {
  @Mixin private AnalyzedRuns runs;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      required = true,
      description = "The data set, as prepare made it; its validation images are taken.")
  private String data;

  @Option(
      names = "--block",
      paramLabel = "SIDE",
      split = ",",
      defaultValue = "1,7",
      description = "Sides of the blocks, pixels of the map; default ${DEFAULT-VALUE}.")
  private List<Integer> blocks;

  @Option(
      names = "--keep",
      paramLabel = "P",
      split = ",",
      defaultValue = "0.75,0.8,0.82,0.84,0.86,0.88,0.9,0.92,0.94,0.96,0.98,0.99,1.0",
      description =
          "Nominal keep probabilities of the last group, above 0 and at most 1; default"
              + " ${DEFAULT-VALUE}.")
  private List<Double> keeps;

  @Option(
      names = "--seed",
      paramLabel = "NUMBER",
      defaultValue = "1",
      description = "Of the masks; default ${DEFAULT-VALUE}.")
  private long seed;

  @Mixin private PlaceOptions places;

  @Mixin private FigureFolder figures;

  @Spec private CommandSpec command;

  @Override
  public Integer call() {
    Ranges ranges = new Ranges(command);
    blocks.forEach(side -> ranges.require("--block", side, 1, 4096));
    keeps.forEach(keep -> ranges.requireShare("--keep", keep, false));
    Application application = Application.ofRanks("dropblock analyze", 0);
    Path dataset = application.input("--data", data);
    figures.check(application);
    List<AnalyzedRun> read = runs.read(application);
    Map<AnalyzedRun, DropPlaces> where = places.of(read);
    DatasetManifest manifest = AnalyzedRuns.dataset(read, dataset, application.configuration());
    try (Session session = application.start(System.out)) {
      int world = TaskSlots.all(session.spark()).await(0);
      System.out.printf(
          Locale.ROOT,
          "Dropping at inference, over %s%n",
          Count.of(manifest.records(Split.VAL), "validation image"));
      where.forEach((run, at) -> System.out.println("  " + run.trained() + ": " + at));
      StringBuilder csv = new StringBuilder(SweepTable.CSV_HEAD);
      for (int block : blocks.stream().distinct().toList()) {
        Map<String, List<DropSweep.Point>> curves = new LinkedHashMap<>();
        where.forEach(
            (run, at) -> {
              Evaluation evaluation =
                  run.parts().evaluation(dataset, manifest, application.configuration(), world);
              curves.put(run.name(), sweep(session.spark(), run, at, block, evaluation));
            });
        SweepTable table = new SweepTable(block, curves);
        System.out.printf(Locale.ROOT, "%nBlocks of %d%n%s", block, table.text());
        figures.write("robustness-block-" + block + ".png", table.chart());
        csv.append(table.csv());
      }
      figures.write("robustness.csv", csv.toString());
    }
    return 0;
  }

  private List<DropSweep.Point> sweep(
      JavaSparkContext spark, AnalyzedRun run, DropPlaces at, int block, Evaluation evaluation) {
    NetworkState network = dropping(run, at, block);
    DropSweep sweep =
        new DropSweep(
            evaluation.objective(), evaluation.images(), keeps.stream().distinct().toList(), seed);
    return AnalyzedRuns.job(spark, run, () -> sweep.run(spark, network));
  }

  private static NetworkState dropping(AnalyzedRun run, DropPlaces at, int block) {
    try {
      return run.classifier().with(at.blocks(block), run.network());
    } catch (IllegalArgumentException e) {
      throw new TrainingException(
          "Cannot analyze run " + run.trained().run() + ": " + e.getMessage(), e);
    }
  }
}
