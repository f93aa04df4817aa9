package io.dropblock.bench.cli;

import io.dropblock.bench.step.StepJson;
import io.dropblock.bench.step.StepMeasurement;
import io.dropblock.bench.step.StepPace;
import io.dropblock.bench.step.StepPlan;
import io.dropblock.bench.step.StepResults;
import io.dropblock.bench.step.StepTable;
import io.dropblock.bench.step.workload.StepModel;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The speed of a training step and of inference. */
@Command(
    name = "step",
    description = "Measures training and inference of a network on synthetic images.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Prints images per second, a step by phase, and memory. Each row runs in a JVM",
      "of its own, or in one for each rank. Figures of a machine that does something",
      "else are not worth much. How to read them: docs/performance.md.",
      "",
      "Example:",
      "  ./submit.sh bench step --model resnet50 --ranks 2 --stock --json step.json"
    })
final class StepCommand implements Callable<Integer> {
  @Option(
      names = "--model",
      paramLabel = "NAME",
      defaultValue = "resnet50",
      description =
          "resnet50, resnet101, resnet152, cifar-resnet20, 32, ..., segmentation-r50,"
              + " segmentation-r101, retinanet-r50, retinanet-r101, amoebanet-b, which is (3, 64),"
              + " amoebanet-b-6-256 or any such numbers, amoebanet-toy; default resnet50.")
  private String model;

  @Option(
      names = "--batch",
      paramLabel = "N",
      defaultValue = "8",
      description = "Images of a step on each rank; default ${DEFAULT-VALUE}.")
  private int batch;

  @Option(
      names = "--size",
      paramLabel = "PIXELS",
      description = "Height and width of the images; default: the model's, 224, 32, 513 or 640.")
  private Integer size;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads of all ranks together; default: a thread for each processor.")
  private int threads = MeasurementOptions.PROCESSORS;

  @Option(
      names = "--ranks",
      paramLabel = "R",
      defaultValue = "1",
      description = "Also measure R processes at once that share the threads.")
  private int ranks;

  @Option(
      names = "--stock",
      description = "Also measure the network with DL4J as it is out of the box, without oneDNN.")
  private boolean stock;

  @Option(
      names = "--dropblock",
      description = "Drop at the sites of the paper, keep_prob 0.9; default: nothing drops.")
  private boolean dropBlock;

  @Mixin private MeasurementOptions options;

  @Option(
      names = "--steps",
      paramLabel = "N",
      defaultValue = "1",
      description = "Measure at least so many steps: for the growth of memory, 200 or more.")
  private int steps;

  @Override
  public Integer call() throws IOException {
    StepPlan plan = plan();
    options.requireWritable();
    StepResults results = StepMeasurement.run(plan, System.err);
    System.out.print(StepTable.of(results));
    options.write(path -> StepJson.write(results, path));
    return 0;
  }

  StepPlan plan() {
    options.requireThreads(threads);
    try {
      StepModel network = StepModel.parse(model);
      return new StepPlan(
          network,
          batch,
          size == null ? network.size() : size,
          threads,
          ranks,
          stock,
          dropBlock,
          (options.quick() ? StepPace.QUICK : StepPace.THOROUGH).ofSteps(steps));
    } catch (IllegalArgumentException e) {
      throw options.wrong(e.getMessage());
    }
  }
}
