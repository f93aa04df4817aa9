package io.dropblock.bench.cli;

import io.dropblock.bench.step.workload.StepModel;
import io.dropblock.bench.trace.TraceMain;
import io.dropblock.bench.trace.TraceSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What a network computes, for comparison with another program. */
@Command(
    name = "trace",
    description =
        "Writes a network's parameters, outputs, gradients and the losses of five steps, to compare"
            + " with another program's.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "NumPy's files by name, and trace.json, to an empty folder. What they hold, and",
      "the comparison with PyTorch: docs/trials/README.md.",
      "",
      "Example:",
      "  ./submit.sh bench trace --model segmentation-r50 --batch 1 --to /tmp/trace"
    })
final class TraceCommand implements Callable<Integer> {
  @Spec private CommandSpec command;

  @Option(
      names = "--model",
      paramLabel = "NAME",
      defaultValue = "resnet50",
      description = "As of bench step; default ${DEFAULT-VALUE}.")
  private String model;

  @Option(
      names = "--batch",
      paramLabel = "N",
      defaultValue = "2",
      description = "Images of a step; default ${DEFAULT-VALUE}.")
  private int batch;

  @Option(
      names = "--size",
      paramLabel = "PIXELS",
      description = "Height and width of the images; default: the model's.")
  private Integer size;

  @Option(
      names = "--doubles",
      description = "Compute in doubles, in ND4J's plain and slow ways; default: in floats.")
  private boolean doubles;

  @Option(
      names = "--to",
      paramLabel = "DIR",
      required = true,
      description = "The folder to write, absent or empty.")
  private Path folder;

  @Override
  public Integer call() throws IOException {
    TraceSettings settings = settings();
    requireEmpty();
    TraceMain.run(settings, System.err);
    return 0;
  }

  TraceSettings settings() {
    try {
      return new TraceSettings(
          model,
          batch,
          size == null ? StepModel.parse(model).size() : size,
          doubles,
          folder.toAbsolutePath().toString(),
          MeasurementOptions.PROCESSORS);
    } catch (IllegalArgumentException e) {
      throw wrong(e.getMessage());
    }
  }

  private void requireEmpty() throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    if (!Files.isDirectory(folder)) {
      throw wrong("Cannot write " + folder + ": it is a file, a folder is needed");
    }
    try (Stream<Path> files = Files.list(folder)) {
      if (files.findAny().isPresent()) {
        throw wrong("Cannot write " + folder + ": it is not empty, give a new folder");
      }
    }
  }

  private ParameterException wrong(String message) {
    return new ParameterException(command.commandLine(), message);
  }
}
