package io.dropblock.spark.cli;

import io.dropblock.spark.analyze.KeepStudy;
import io.dropblock.spark.report.KeepTable;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The share that the op keeps. */
@Command(
    name = "keep",
    description =
        "Draws masks, and tells what share of a map DropBlock keeps beside its nominal keep"
            + " probability and the exact expectation. Needs no network and no cluster.",
    mixinStandardHelpOptions = true,
    footer = {"", "Example:", "  ./submit.sh analyze keep --map 14,28 --block 1,7 --keep 0.9"})
final class KeepCommand implements Callable<Integer> {
  private static final int MOST = 4096;

  @Option(
      names = "--map",
      paramLabel = "SIDE",
      split = ",",
      defaultValue = "7,14,28",
      description = "Sides of the maps, pixels; default ${DEFAULT-VALUE}.")
  private List<Integer> maps;

  @Option(
      names = "--block",
      paramLabel = "SIDE",
      split = ",",
      defaultValue = "1,3,5,7",
      description = "Sides of the blocks, clipped to the map; default ${DEFAULT-VALUE}.")
  private List<Integer> blocks;

  @Option(
      names = "--keep",
      paramLabel = "P",
      split = ",",
      defaultValue = "0.5,0.6,0.7,0.75,0.8,0.85,0.9,0.95,1.0",
      description = "Nominal keep probabilities, 0 to 1; default ${DEFAULT-VALUE}.")
  private List<Double> keeps;

  @Option(
      names = "--draws",
      paramLabel = "COUNT",
      defaultValue = "20000",
      description = "Maps drawn for each of the combinations; default ${DEFAULT-VALUE}.")
  private int draws;

  @Option(
      names = "--seed",
      paramLabel = "NUMBER",
      defaultValue = "1",
      description = "Of the masks; default ${DEFAULT-VALUE}.")
  private long seed;

  @Mixin private FigureFolder figures;

  @Spec private CommandSpec command;

  @Override
  public Integer call() {
    Ranges ranges = new Ranges(command);
    maps.forEach(side -> ranges.require("--map", side, 1, MOST));
    blocks.forEach(side -> ranges.require("--block", side, 1, MOST));
    keeps.forEach(keep -> ranges.requireShare("--keep", keep, true));
    ranges.require("--draws", draws, 2, 10_000_000);
    figures.check(Application.ofTasks("dropblock analyze"));
    KeepTable table = new KeepTable(new KeepStudy(maps, blocks, keeps, draws, seed).rows());
    System.out.print(table.text());
    figures.write("keep.csv", table.csv());
    table.charts().forEach((side, chart) -> figures.write("keep-map-" + side + ".png", chart));
    return 0;
  }
}
