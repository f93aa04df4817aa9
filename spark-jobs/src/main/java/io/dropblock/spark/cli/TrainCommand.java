package io.dropblock.spark.cli;

import io.dropblock.spark.recipe.Recipe;
import io.dropblock.spark.report.ProgressLine;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.hadoop.fs.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A recipe and a prepared data set to a trained network. */
@Command(
    name = "train",
    description = "Trains a recipe's network on a prepared data set, and evaluates it.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "The run folder gets recipe.yaml, events.jsonl and checkpoints/. A run that was",
      "cut off goes on from its last checkpoint with the same command and --resume.",
      "",
      "A run with --init begins with the trunk of a trained network, which must have",
      "the recipe's model.family, depth and width, and with a fresh head. Weights of",
      "torchvision and timm come in as a file: see docs/how-to/exchange-networks.md.",
      "",
      "Examples:",
      "  ./submit.sh train cifar10-resnet20-dropblock --data data/cifar10 \\",
      "      --run runs/first --set train.epochs=10",
      "  ./submit.sh train voc-segmentation-r101-fpn-finetune --data data/voc \\",
      "      --run runs/voc --init runs/imagenet-resnet101",
      "  ./submit.sh train imagenet-resnet50 --data data/photos --set data.classes=5 \\",
      "      --set model.max_pool_padding=symmetric --init resnet50.safetensors"
    })
final class TrainCommand implements Callable<Integer> {

  @Mixin private RecipeArguments recipe;

  @Option(
      names = "--data",
      required = true,
      paramLabel = "DIR",
      description = "The data set, as prepare made it.")
  private String data;

  @Option(
      names = "--run",
      paramLabel = "DIR",
      description = "The run folder; default: runs/<recipe>-<time>.")
  private String run;

  @Option(names = "--resume", description = "Go on with the run from its last checkpoint.")
  private boolean resume;

  @Option(
      names = "--init",
      paramLabel = "RUN",
      description =
          "Take the trunk of a trained network: a run folder, for its best checkpoint, else its"
              + " latest, or RUN/checkpoints/NAME; or the weights of a file whose name ends in"
              + " .safetensors.")
  private String init;

  @Mixin private WeightsOption weights;

  @Spec private CommandSpec command;

  @Override
  public Integer call() {
    if (resume && run == null) {
      throw new ParameterException(
          command.commandLine(), "Cannot resume without a run folder: give --run DIR");
    }
    if (resume && init != null) {
      throw new ParameterException(
          command.commandLine(),
          "Cannot use --init with --resume: the run goes on with its own checkpoints, which hold"
              + " the trunk that it took; leave --init out");
    }
    if (init == null && weights.typed() != null) {
      throw new ParameterException(
          command.commandLine(),
          "Cannot use --weights "
              + weights.typed()
              + " without --init: it says which weights of that run are taken");
    }
    Weights taken = weights.weights();
    Recipe loaded = recipe.load();
    Application application =
        Application.ofRanks("dropblock train " + loaded.name(), loaded.train().world());
    Path folder = application.fresh("--run", run, loaded.name());
    Path dataset = application.input("--data", data);
    Optional<Path> trained = Optional.ofNullable(init).map(it -> application.input("--init", it));
    if (weights.typed() != null && trained.filter(TakenFile::isNamed).isPresent()) {
      throw new ParameterException(
          command.commandLine(),
          "Cannot use --weights "
              + weights.typed()
              + " with --init "
              + init
              + ": a file has one kind of weights; leave --weights out");
    }
    try (TrainingRun training =
        trained.isPresent()
            ? TrainingRun.of(application, loaded, dataset, folder, trained.get(), taken)
            : TrainingRun.of(application, loaded, dataset, folder, resume)) {
      if (training.isDone()) {
        return 0;
      }
      ProgressLine progress = new ProgressLine(System.out, System.console() != null);
      try (Session session = application.start(System.out, () -> stopped(progress, folder))) {
        training.run(session.spark(), progress);
        System.out.printf(
            Locale.ROOT,
            "Next:       ./submit.sh evaluate %s --data %s --checkpoint best%n",
            folder,
            dataset);
      }
    }
    return 0;
  }

  private String stopped(ProgressLine progress, Path folder) {
    String without = init == null ? "" : " without --init,";
    return progress.stop(
        "go on with the same command" + without + " and --run " + folder + " --resume");
  }
}
