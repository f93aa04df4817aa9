package io.dropblock.bench.cli;

import io.dropblock.bench.averaging.AveragingJson;
import io.dropblock.bench.averaging.AveragingMeasurement;
import io.dropblock.bench.averaging.AveragingPace;
import io.dropblock.bench.averaging.AveragingPlan;
import io.dropblock.bench.averaging.AveragingResults;
import io.dropblock.bench.averaging.AveragingTable;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The cost of averaging between ranks. */
@Command(
    name = "averaging",
    description = "Measures a round of averaging between ranks on this machine.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Prints milliseconds a round of the ring, which takes the mean, of the chain,",
      "which sums from rank to rank, of a bare transfer of the same bytes, and of fits",
      "on Spark with our training master and with dl4j-spark's. Each rank is a JVM.",
      "Figures of a machine that does something else are not worth much.",
      "How to read them: docs/performance.md.",
      "",
      "Example:",
      "  ./submit.sh bench averaging --parameters 25557032 --world 2 \\",
      "      --json averaging.json"
    })
final class AveragingCommand implements Callable<Integer> {
  @Option(
      names = "--parameters",
      paramLabel = "N",
      defaultValue = "25557032",
      description = "Floats that are averaged; default ${DEFAULT-VALUE}, those of ResNet-50.")
  private int parameters;

  @Option(
      names = "--world",
      paramLabel = "R",
      defaultValue = "2",
      description = "Number of ranks; default ${DEFAULT-VALUE}.")
  private int world;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description =
          "Rounds of ring, chain and bare transfer; default 100, with --quick 5. For the"
              + " growth of memory, 500.")
  private Integer rounds;

  @Option(
      names = "--encrypt",
      description = "Ring and chain encrypted, too, beside those in the clear.")
  private boolean encrypt;

  @Mixin private MeasurementOptions options;

  @Override
  public Integer call() throws IOException {
    AveragingPlan plan = plan();
    options.requireWritable();
    AveragingResults results = AveragingMeasurement.run(plan, System.err);
    System.out.print(AveragingTable.of(results));
    options.write(path -> AveragingJson.write(results, path));
    return 0;
  }

  AveragingPlan plan() {
    try {
      AveragingPace pace = options.quick() ? AveragingPace.QUICK : AveragingPace.THOROUGH;
      return new AveragingPlan(
          parameters, world, encrypt, rounds == null ? pace : pace.ofRounds(rounds));
    } catch (IllegalArgumentException e) {
      throw options.wrong(e.getMessage());
    }
  }
}
