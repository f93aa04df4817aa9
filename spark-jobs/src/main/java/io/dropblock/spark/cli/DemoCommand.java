package io.dropblock.spark.cli;

import io.dropblock.spark.cli.assembly.Demonstration;
import io.dropblock.spark.cli.assembly.RecipeParts;
import io.dropblock.spark.cluster.AnyExecutor;
import io.dropblock.spark.data.DataException;
import io.dropblock.spark.data.prepare.Preparation;
import io.dropblock.spark.data.shard.PreparationSettings;
import io.dropblock.spark.data.source.ImageListing;
import io.dropblock.spark.files.HadoopPath;
import io.dropblock.spark.files.WholeFile;
import io.dropblock.spark.recipe.Recipe;
import io.dropblock.spark.report.ProgressLine;
import io.dropblock.spark.train.RunFolder;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The whole road in a few minutes, with images it draws itself. */
@Command(
    name = "demo",
    description =
        "Draws a small image set, trains a small network with DropBlock on it, evaluates.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Needs no data. Takes the steps of real data: images, shards, training,",
      "evaluation.",
      "",
      "Examples:",
      "  ./submit.sh demo --set train.epochs=3",
      "  ./submit.sh demo --task detection",
      "  ./submit.sh demo --task segmentation"
    })
final class DemoCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Folder for images, shards and the run; default: runs/demo-<time>.")
  private String out;

  @Option(
      names = "--task",
      paramLabel = "TASK",
      defaultValue = "classification",
      description =
          "What to learn: classification, with the recipe demo, detection, with"
              + " shapes-detection, or segmentation, with shapes-segmentation; default:"
              + " ${DEFAULT-VALUE}.")
  private String task;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Change a setting of the task's recipe. Repeatable.")
  private List<String> overrides = List.of();

  @Override
  public Integer call() throws IOException {
    Demonstration demonstration = demonstration();
    Recipe recipe = Recipe.load(demonstration.recipe(), overrides);
    Application application = Application.ofRanks("dropblock demo", recipe.train().world());
    Path folder = application.fresh("--out", out, "demo");
    Path data = HadoopPath.in(folder, "data");
    Path run = HadoopPath.in(folder, "run");
    PrepareCommand.requireFree(data, application.configuration());
    TrainingRun.requireFree(run, application.configuration());
    ProgressLine progress = new ProgressLine(System.out, System.console() != null);
    try (Session session = application.start(System.out, () -> stopped(progress, data, run))) {
      new AnyExecutor(session.spark()).await(StoredDataOptions.progress("prepared")::waiting);
      Configuration configuration = session.spark().hadoopConfiguration();
      Preparation.run(
          session.spark(),
          drawn(demonstration, images(folder), recipe.seed(), configuration),
          data,
          PreparationSettings.of("demo", recipe.seed()));
      System.out.printf(Locale.ROOT, "Drew and prepared images of shapes: %s%n", data);
      try (TrainingRun training = TrainingRun.of(application, recipe, data, run, false)) {
        training.run(session.spark(), progress);
      }
      demonstration
          .picture(new RecipeParts(recipe), data, RunFolder.open(run, configuration), configuration)
          .ifPresent(
              picture ->
                  System.out.printf(
                      Locale.ROOT,
                      "Image, truth and prediction%s side by side: %s%n",
                      recipe.train().movingAverage().isPresent()
                          ? " (by the moving average of the weights)"
                          : "",
                      picture));
      System.out.printf(
          Locale.ROOT,
          "%nWhere to look next:%n  %s%n  ./submit.sh evaluate %s --data %s%n  %s%n",
          "./submit.sh describe " + demonstration.recipe(),
          run,
          data,
          "your own images: README.md");
    }
    return 0;
  }

  /** Files to look at; where it is not this machine's disk, one, as HDFS takes long for each. */
  static Path images(Path folder) {
    String scheme = folder.toUri().getScheme();
    return HadoopPath.in(folder, scheme == null || scheme.equals("file") ? "images" : "images.tar");
  }

  /** All images, or none where the disk is full; a folder that was there is not ours to delete. */
  static ImageListing drawn(
      Demonstration demonstration, Path images, long seed, Configuration configuration)
      throws IOException {
    FileSystem files = HadoopPath.fileSystem(images, configuration);
    boolean isNew = !files.exists(images);
    try {
      return demonstration.draw(images, seed, configuration);
    } catch (FSError | IOException e) {
      if (isNew) {
        files.delete(images, true);
      }
      throw new DataException(
          "Cannot draw images in " + images + ": " + DataException.reason(WholeFile.plain(e)), e);
    }
  }

  private Demonstration demonstration() {
    return Demonstration.of(task)
        .orElseThrow(
            () ->
                new ParameterException(
                    spec.commandLine(),
                    "Cannot show task "
                        + task
                        + ": it is none of "
                        + String.join(", ", Demonstration.tasks())));
  }

  private static String stopped(ProgressLine progress, Path data, Path run) {
    return progress.stop(
        String.format(
            Locale.ROOT,
            "./submit.sh train %s/recipe.yaml --data %s --run %s --resume",
            run,
            data,
            run));
  }
}
