package io.dropblock.spark.cli;

import io.dropblock.spark.report.ForecastTable;
import io.dropblock.spark.scaling.Forecast;
import io.dropblock.spark.scaling.Network;
import io.dropblock.spark.scaling.RunLength;
import io.dropblock.spark.scaling.SharedBatch;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What any number of ranks takes. */
@Command(
    name = "predict",
    description =
        "Predicts a step, a round, an epoch and a run for numbers of ranks and networks, how well"
            + " they scale, and what most of a step goes for.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "An option counts more than --run, and that more than RECIPE.",
      "",
      "Examples:",
      "  ./submit.sh scaling predict --global-batch 2048",
      "  ./submit.sh scaling predict imagenet-resnet50-dropblock --network 10,25",
      "  ./submit.sh scaling predict --run runs/first --one-machine 2 --ranks 1,2"
    })
final class ScalingPredictCommand implements Callable<Integer> {
  /** Images of the paper's slots. */
  private static final int LARGE = 128;

  @Mixin private ScalingOptions options;

  @Option(
      names = "--ranks",
      paramLabel = "N",
      split = ",",
      defaultValue = "1,2,4,8,16,32,64,128,256,512",
      description = "Numbers of ranks; default ${DEFAULT-VALUE}.")
  private List<Integer> ranks;

  @Option(
      names = "--network",
      paramLabel = "GBIT/S",
      split = ",",
      defaultValue = "10,25,100",
      description = "Networks, Gbit/s of a rank each way; default ${DEFAULT-VALUE}.")
  private List<Double> networks;

  @Option(
      names = "--global-batch",
      paramLabel = "N",
      description =
          "Images of a step, in as few slots as give each rank one and are not larger than"
              + " --local-batch, then 128; in place of --slots.")
  private Integer globalBatch;

  @Override
  public Integer call() {
    options.read();
    if (globalBatch != null && options.hasSlots()) {
      throw options.wrong("Cannot use --global-batch beside --slots");
    }
    try {
      RunLength length = globalBatch == null ? options.length() : options.length(globalBatch);
      System.out.print(options.text(length));
      List<Network> between =
          options
              .loopback()
              .map(List::of)
              .orElseGet(() -> networks.stream().map(options::network).toList());
      between.forEach(network -> print(network, length));
      return 0;
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw options.wrong(e.getMessage());
    }
  }

  private void print(Network network, RunLength length) {
    List<Integer> tooMany = ranks.stream().filter(world -> world > most()).toList();
    List<Forecast> forecasts =
        ranks.stream()
            .filter(world -> world <= most())
            .map(
                world ->
                    Forecast.of(
                        options.model(network, batch(world)),
                        options.model(network, batch(1)),
                        length,
                        world))
            .toList();
    System.out.printf(Locale.ROOT, "%n%s", new ForecastTable(network.title(), forecasts, tooMany));
  }

  /** Ranks that there can be. */
  private int most() {
    return globalBatch == null ? options.slots() : globalBatch;
  }

  private SharedBatch batch(int world) {
    return globalBatch == null
        ? new SharedBatch(options.slots(), options.localBatch())
        : SharedBatch.of(globalBatch, options.localBatchOr(LARGE), world);
  }
}
