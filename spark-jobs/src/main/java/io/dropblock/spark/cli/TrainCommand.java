package io.dropblock.spark.cli;

import io.dropblock.spark.recipe.Recipe;
import io.dropblock.spark.report.ProgressLine;
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
      "Example:",
      "  ./submit.sh train cifar10-resnet20-dropblock --data data/cifar10 \\",
      "      --run runs/first --set train.epochs=10"
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

  @Spec private CommandSpec command;

  @Override
  public Integer call() {
    if (resume && run == null) {
      throw new ParameterException(
          command.commandLine(), "Cannot resume without a run folder: give --run DIR");
    }
    Recipe loaded = recipe.load();
    Application application =
        Application.ofRanks("dropblock train " + loaded.name(), loaded.train().world());
    Path folder = application.path("--run", run == null ? RunNames.fresh(loaded.name()) : run);
    Path dataset = application.path("--data", data);
    try (TrainingRun training = TrainingRun.of(application, loaded, dataset, folder, resume)) {
      if (training.isDone()) {
        return 0;
      }
      ProgressLine progress = new ProgressLine(System.out, System.console() != null);
      try (Session session = application.start(System.out, () -> stopped(progress, folder))) {
        training.run(session.spark(), progress);
      }
    }
    return 0;
  }

  private static String stopped(ProgressLine progress, Path folder) {
    return progress.stop("go on with the same command and --run " + folder + " --resume");
  }
}
