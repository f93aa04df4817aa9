package io.dropblock.spark.cli;

import io.dropblock.exchange.Naming;
import io.dropblock.exchange.WeightsOut;
import io.dropblock.exchange.onnx.OnnxModel;
import io.dropblock.exchange.safetensors.Safetensors;
import io.dropblock.spark.data.DataException;
import io.dropblock.spark.files.HadoopPath;
import io.dropblock.spark.files.WholeFile;
import io.dropblock.spark.text.Count;
import io.dropblock.spark.train.failure.TrainingException;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** A trained network as a file for other programs. */
@Command(
    name = "export",
    description =
        "Writes a trained network for other programs: as an ONNX model that runs by itself, or its"
            + " weights as safetensors. Needs no cluster.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Examples:",
      "  ./submit.sh export runs/first --format onnx --pixels --out first.onnx",
      "  ./submit.sh export runs/first --format safetensors --names torchvision \\",
      "      --out resnet50.safetensors"
    })
final class ExportCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "RUN",
      description =
          "A run folder, for its best checkpoint, else its latest, or RUN/checkpoints/NAME.")
  private String run;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      required = true,
      description = "onnx or safetensors.")
  private String format;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      required = true,
      description = "The file; one that is there is written anew.")
  private String out;

  @Option(
      names = "--names",
      paramLabel = "WHOSE",
      description =
          "What safetensors call the weights: ours, or torchvision for its and timm's names of"
              + " ImageNet's residual networks; default ours.")
  private String names;

  @Mixin private OnnxOptions onnx;

  @Mixin private WeightsOption weights;

  @Spec private CommandSpec command;

  @Override
  public Integer call() {
    requireFormat();
    Naming naming = naming();
    Weights which = weights.weights();
    Application application = Application.ofTasks("dropblock export");
    Path file = NewFile.path(application, "--out", out);
    ExportedRun exported = ExportedRun.read(application, run, which);
    if (format.equals("onnx")) {
      OnnxModel model = onnx.model(exported);
      write(file, application.configuration(), model::write);
      System.out.printf(
          Locale.ROOT,
          "Wrote %s: %s of %s%n",
          file,
          Count.of(model.nodes(), "node"),
          exported.trained());
      return 0;
    }
    Safetensors content = safetensors(exported, naming);
    write(file, application.configuration(), content::write);
    System.out.printf(
        Locale.ROOT,
        "Wrote %s: %s of %s%n",
        file,
        Count.of(content.tensors().size(), "tensor"),
        exported.trained());
    if (naming == Naming.TORCHVISION && !exported.isPaddedAsTorchvision()) {
      System.out.println(
          "This network pads its first maxima at the bottom and right only"
              + " (model.max_pool_padding: same), torchvision's on all sides: with these weights"
              + " torchvision's network gives other numbers");
    }
    return 0;
  }

  private void requireFormat() {
    switch (format) {
      case "onnx" -> {
        if (names != null) {
          throw wrong("--names", names, "it is for --format safetensors");
        }
      }
      case "safetensors" -> {
        for (String option : onnx.given()) {
          throw wrong(option, "", "it is for --format onnx");
        }
      }
      default -> throw wrong("--format", format, "it is none of onnx, safetensors");
    }
  }

  private Naming naming() {
    if (names == null) {
      return Naming.OURS;
    }
    return switch (names) {
      case "ours" -> Naming.OURS;
      case "torchvision" -> Naming.TORCHVISION;
      default -> throw wrong("--names", names, "it is none of ours, torchvision");
    };
  }

  private ParameterException wrong(String option, String value, String reason) {
    return new ParameterException(
        command.commandLine(), "Cannot use " + (option + " " + value).strip() + ": " + reason);
  }

  private Safetensors safetensors(ExportedRun exported, Naming naming) {
    try {
      return WeightsOut.file(
          exported.parts().trunk(), exported.network(), naming, exported.metadata());
    } catch (IllegalArgumentException e) {
      throw new TrainingException(
          "Cannot export "
              + exported.trained()
              + " under torchvision's names: "
              + e.getMessage()
              + "; take --names ours",
          e);
    }
  }

  private static void write(Path file, Configuration configuration, WholeFile.Content content) {
    try {
      WholeFile.replace(
          HadoopPath.fileSystem(file, configuration),
          file,
          stream -> {
            OutputStream buffered = new BufferedOutputStream(stream, 1 << 16);
            content.writeTo(buffered);
            buffered.flush();
          });
    } catch (IOException e) {
      throw new DataException("Cannot write --out " + file + ": " + DataException.reason(e), e);
    }
  }
}
