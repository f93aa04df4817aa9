package io.dropblock.bench.cli;

import io.dropblock.bench.separable.SeparableMeasurement;
import io.dropblock.bench.separable.SeparablePlan;
import io.dropblock.bench.separable.SeparableResults;
import io.dropblock.bench.separable.SeparableTable;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The speed of separable convolutions. */
@Command(
    name = "separable",
    description = "Measures separable convolutions of AmoebaNet's shapes by themselves.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Prints milliseconds of a ReLU, a depthwise and a 1x1 convolution, forward and",
      "with all gradients; docs/benchmarks/pytorch_separable.py puts PyTorch beside.",
      "",
      "Example:",
      "  ./submit.sh bench separable --batch 2 --json separable.json"
    })
final class SeparableCommand implements Callable<Integer> {
  @Option(
      names = "--batch",
      paramLabel = "N",
      defaultValue = "2",
      description = "Images of a pass; default ${DEFAULT-VALUE}.")
  private int batch;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads that compute; default: all processors.")
  private int threads = MeasurementOptions.PROCESSORS;

  @Mixin private MeasurementOptions options;

  @Override
  public Integer call() throws IOException {
    SeparablePlan plan = plan();
    options.requireWritable();
    SeparableResults results = SeparableMeasurement.run(plan, System.err);
    System.out.print(SeparableTable.of(results));
    options.write(path -> SeparableTable.write(results, path));
    return 0;
  }

  SeparablePlan plan() {
    options.requireThreads(threads);
    try {
      return new SeparablePlan(batch, threads, options.quick());
    } catch (IllegalArgumentException e) {
      throw options.wrong(e.getMessage());
    }
  }
}
