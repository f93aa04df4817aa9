package io.dropblock.spark.cli;

import io.dropblock.spark.cluster.AnyExecutor;
import io.dropblock.spark.data.shard.Preparation;
import io.dropblock.spark.data.shard.PreparationSettings;
import io.dropblock.spark.data.source.DrawnShapes;
import io.dropblock.spark.data.source.folder.ImageFolder;
import io.dropblock.spark.files.HadoopPath;
import io.dropblock.spark.recipe.Recipe;
import io.dropblock.spark.report.ProgressLine;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The whole road in a few minutes, with images it draws itself. */
@Command(
    name = "demo",
    description = "Draws a small image set, trains a small ResNet with DropBlock on it, evaluates.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Needs no data. Takes the steps of real data: image folder, shards, training,",
      "evaluation.",
      "",
      "Example:",
      "  ./submit.sh demo --set train.epochs=3"
    })
final class DemoCommand implements Callable<Integer> {
  private static final int TRAIN_PER_CLASS = 320;
  private static final int VAL_PER_CLASS = 64;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Folder for images, shards and the run; default: runs/demo-<time>.")
  private String out;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Change a setting of the recipe 'demo'. Repeatable.")
  private List<String> overrides = List.of();

  @Override
  public Integer call() throws IOException {
    Recipe recipe = Recipe.load("demo", overrides);
    Application application = Application.ofRanks("dropblock demo", recipe.train().world());
    Path folder = application.path("--out", out == null ? RunNames.fresh("demo") : out);
    Path data = HadoopPath.in(folder, "data");
    Path run = HadoopPath.in(folder, "run");
    PrepareCommand.requireFree(data, application.configuration());
    TrainingRun.requireFree(run, application.configuration());
    ProgressLine progress = new ProgressLine(System.out, System.console() != null);
    try (Session session = application.start(System.out, () -> stopped(progress, data, run))) {
      new AnyExecutor(session.spark()).await(StoredDataOptions.progress("prepared")::waiting);
      prepare(session.spark(), HadoopPath.in(folder, "images"), data, recipe.seed());
      try (TrainingRun training = TrainingRun.of(application, recipe, data, run, false)) {
        training.run(session.spark(), progress);
      }
      System.out.printf(
          Locale.ROOT,
          "%nWhere to look next:%n  %s%n  ./submit.sh evaluate %s --data %s%n  %s%n",
          "./submit.sh describe demo",
          run,
          data,
          "your own images: README.md");
    }
    return 0;
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

  private static void prepare(JavaSparkContext spark, Path images, Path data, long seed)
      throws IOException {
    Configuration configuration = spark.hadoopConfiguration();
    new DrawnShapes(seed)
        .write(
            HadoopPath.fileSystem(images, configuration), images, TRAIN_PER_CLASS, VAL_PER_CLASS);
    Preparation.run(
        spark, ImageFolder.list(images, configuration), data, PreparationSettings.of("demo", seed));
    System.out.printf(Locale.ROOT, "Drew and prepared images of shapes: %s%n", data);
  }
}
