package io.dropblock.bench.cli;

import io.dropblock.bench.input.InputJson;
import io.dropblock.bench.input.InputMeasurement;
import io.dropblock.bench.input.InputPace;
import io.dropblock.bench.input.InputPlan;
import io.dropblock.bench.input.InputResults;
import io.dropblock.bench.input.InputTable;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The speed of what happens to an image before training. */
@Command(
    name = "input",
    description = "Measures reading, decoding and augmenting of a prepared data set's images.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Prints images a second and core of each part and of a whole feed, and how much",
      "memory grows over epochs. Figures of a machine that does something else are not",
      "worth much. How to read them: docs/performance.md.",
      "",
      "Example:",
      "  ./submit.sh bench input --data data/imagenet --json input.json"
    })
final class InputCommand implements Callable<Integer> {
  @Option(
      names = "--data",
      paramLabel = "DIR",
      required = true,
      description = "A prepared data set, as prepare writes it.")
  private String data;

  @Option(
      names = "--size",
      paramLabel = "N",
      defaultValue = "224",
      description = "Side of the crops in pixels; default ${DEFAULT-VALUE}.")
  private int size;

  @Option(
      names = "--threads",
      paramLabel = "N",
      defaultValue = "1",
      description = "Threads that read, decode and augment; default ${DEFAULT-VALUE}.")
  private int threads;

  @Option(
      names = "--batch",
      paramLabel = "N",
      defaultValue = "32",
      description = "Images of a batch; default ${DEFAULT-VALUE}.")
  private int batch;

  @Option(
      names = "--scaled-decoding",
      description = "As a recipe with data.scaled_decoding: true; default: at full size.")
  private boolean scaledDecoding;

  @Mixin private MeasurementOptions options;

  @Override
  public Integer call() throws IOException {
    InputPlan plan = plan();
    options.requireWritable();
    InputResults results = InputMeasurement.run(plan, System.err);
    System.out.print(InputTable.of(results));
    options.write(path -> InputJson.write(results, path));
    return 0;
  }

  InputPlan plan() {
    options.requireThreads(threads);
    try {
      InputPace pace = options.quick() ? InputPace.QUICK : InputPace.THOROUGH;
      return new InputPlan(data, size, threads, batch, scaledDecoding, pace);
    } catch (IllegalArgumentException e) {
      throw options.wrong(e.getMessage());
    }
  }
}
