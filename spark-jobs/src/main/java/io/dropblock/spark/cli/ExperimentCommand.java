package io.dropblock.spark.cli;

import io.dropblock.spark.cluster.StopSignal;
import io.dropblock.spark.files.FolderLock;
import io.dropblock.spark.recipe.grid.Cell;
import io.dropblock.spark.recipe.grid.Expansion;
import io.dropblock.spark.recipe.grid.Grid;
import io.dropblock.spark.recipe.yaml.YamlFile;
import io.dropblock.spark.text.Count;
import io.dropblock.spark.train.failure.TrainingException;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** A grid of trainings to a table, a figure and a page. */
@Command(
    name = "experiment",
    description =
        "Trains a grid of recipes, settings and seeds, and compares them: table, figure, page.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "The folder gets a run folder for each cell, in cells/, and results.txt,",
      "results.csv, figure.svg, figure.png, those of further scores, and report.html.",
      "The same command goes on with the cells that are not done. The exit code is 0",
      "when all are.",
      "",
      "Bundled: table1 to table4, figure3a, figure3b and figure4 of the paper, and",
      "small twins of them that a laptop trains: cifar10-table1, cifar10-figure3,",
      "cifar10-figure4, cifar10-figure5, shapes-table3 and shapes-table4.",
      "",
      "Examples:",
      "  ./submit.sh experiment cifar10-table1 --data data/cifar10 \\",
      "      --out runs/table1",
      "  ./submit.sh experiment my-grid.yaml --data data/photos --out runs/grid \\",
      "      --set train.epochs=5 --check"
    })
final class ExperimentCommand implements Callable<Integer> {
  @Parameters(paramLabel = "GRID", description = "Name of a bundled grid, or path of a .yaml file.")
  private String grid;

  @Option(
      names = "--data",
      required = true,
      paramLabel = "DIR",
      description = "The data set of all cells, as prepare made it.")
  private String data;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "The experiment's folder. Where it holds cells they are gone on with.")
  private String out;

  @Option(names = "--resume", description = "Refuse a folder that holds no experiment yet.")
  private boolean resume;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Change a setting of all cells, such as train.epochs=3. Repeatable.")
  private List<String> overrides = List.of();

  @Option(
      names = "--init",
      paramLabel = "RUN",
      description =
          "A trained network, for the rows that begin with the trunk of one; they are left out"
              + " without it.")
  private String init;

  @Mixin private WeightsOption weights;

  @Option(
      names = "--at-once",
      paramLabel = "N",
      defaultValue = "1",
      description =
          "Cells that are trained side by side, each with its share of the task slots; 1 if left"
              + " out.")
  private int atOnce;

  @Option(names = "--check", description = "Check and list all cells, and train none.")
  private boolean check;

  @Spec private CommandSpec command;

  @Override
  public Integer call() {
    if (atOnce < 1) {
      throw new ParameterException(
          command.commandLine(), "Cannot use --at-once " + atOnce + ": it must be 1 or more");
    }
    Weights taken = weights.weights();
    Grid loaded = Grid.load(grid);
    List<Cell> all = new Expansion(loaded, overrides).cells();
    int world = all.stream().mapToInt(cell -> cell.recipe().train().world()).max().orElse(0);
    Application application =
        Application.ofCells(
            "dropblock experiment " + YamlFile.stem(grid), world, Math.min(atOnce, all.size()));
    ExperimentFolder folder =
        new ExperimentFolder(application.path("--out", out), application.configuration());
    if (resume && !folder.isBegun()) {
      throw new TrainingException(
          "Cannot resume experiment " + folder.path() + ": it holds none; leave --resume out");
    }
    Optional<Path> trained = Optional.ofNullable(init).map(it -> application.input("--init", it));
    CellRun.Start start =
        new CellRun.Start(application, application.input("--data", data), trained, taken);
    CellRuns runs =
        new CellRuns(loaded, runs(all, folder, start), folder, application.share().runs());
    runs.check();
    if (check) {
      runs.printPlan();
      return 0;
    }
    try (FolderLock lock = folder.lock()) {
      if (!runs.isDone()) {
        train(application, runs);
      }
      if (StopSignal.received()) {
        return 1;
      }
      lock.check();
      runs.printEnd();
    } catch (IOException e) {
      throw new TrainingException("Cannot go on in " + folder.path() + ": " + e.getMessage(), e);
    }
    return runs.isDone() ? 0 : 1;
  }

  private static void train(Application application, CellRuns runs) {
    CellLanes lanes = new CellLanes(runs, application.share().runs());
    try (Session session = application.start(System.out, lanes::stop)) {
      application.share().await(session.spark());
      lanes.train(session.spark());
    }
  }

  /** Those that can be trained with what was given; says which cannot. */
  private static List<CellRun> runs(
      List<Cell> cells, ExperimentFolder folder, CellRun.Start start) {
    List<CellRun> all =
        cells.stream().map(cell -> new CellRun(cell, folder.cell(cell.name()), start)).toList();
    List<Cell> others = all.stream().filter(cell -> !cell.canBegin()).map(CellRun::cell).toList();
    if (!others.isEmpty()) {
      System.out.printf(
          Locale.ROOT,
          "Left out %s (%s), to begin with a trained network: add --init RUN to train them%n",
          Count.of(others.size(), "cell"),
          others.stream().map(Cell::row).distinct().collect(Collectors.joining(", ")));
    }
    return all.stream().filter(CellRun::canBegin).toList();
  }
}
