package io.dropblock.spark.cli;

import io.dropblock.spark.report.ForecastTable;
import io.dropblock.spark.scaling.Forecast;
import io.dropblock.spark.scaling.Network;
import io.dropblock.spark.scaling.RunLength;
import io.dropblock.spark.scaling.StepModel;
import java.util.List;
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
      "  ./submit.sh scaling predict --slots 512 --local-batch 4",
      "  ./submit.sh scaling predict imagenet-resnet50-dropblock --network 10,25",
      "  ./submit.sh scaling predict --run runs/first --one-machine 2 --ranks 1,2"
    })
final class ScalingPredictCommand implements Callable<Integer> {
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

  @Override
  public Integer call() {
    options.read();
    try {
      RunLength length = options.length();
      System.out.print(options.text());
      List<Network> between =
          options
              .loopback()
              .map(List::of)
              .orElseGet(() -> networks.stream().map(options::network).toList());
      between.forEach(network -> print(options.model(network), length));
      return 0;
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw options.wrong(e.getMessage());
    }
  }

  private void print(StepModel model, RunLength length) {
    List<Forecast> forecasts =
        ranks.stream()
            .filter(world -> world <= model.slots())
            .map(world -> Forecast.of(model, length, world))
            .toList();
    List<Integer> tooMany = ranks.stream().filter(world -> world > model.slots()).toList();
    System.out.printf("%n%s%n", new ForecastTable(model.network().title(), forecasts, tooMany));
  }
}
