package io.dropblock.spark.cli;

import io.dropblock.metric.Confused;
import io.dropblock.nn.NetworkState;
import io.dropblock.spark.cli.assembly.RecipeParts;
import io.dropblock.spark.cli.assembly.Results;
import io.dropblock.spark.cluster.JobLabel;
import io.dropblock.spark.cluster.OneTry;
import io.dropblock.spark.cluster.TaskSlots;
import io.dropblock.spark.data.shard.DatasetManifest;
import io.dropblock.spark.evaluate.ConfusionCsv;
import io.dropblock.spark.evaluate.Evaluation;
import io.dropblock.spark.evaluate.MeasuredJson;
import io.dropblock.spark.objective.Objective;
import io.dropblock.spark.recipe.Recipe;
import io.dropblock.spark.report.ScoreTable;
import io.dropblock.spark.text.Count;
import io.dropblock.spark.train.RunFolder;
import io.dropblock.spark.train.checkpoint.Checkpoint;
import io.dropblock.spark.train.failure.TrainingException;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The scores of a run's checkpoint. */
@Command(
    name = "evaluate",
    description =
        "Measures a run's network on the validation images of a data set, or anybody's detections"
            + " against COCO annotations.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "With --detections there is no run and no data set: a file of detections is",
      "scored as pycocotools does it, by boxes.",
      "",
      "Examples:",
      "  ./submit.sh evaluate runs/first --data data/cifar10 --checkpoint best \\",
      "      --json scores.json --confusion confusion.csv",
      "  ./submit.sh evaluate --detections results.json \\",
      "      --annotations annotations/instances_val2017.json --json scores.json"
    })
final class EvaluateCommand implements Callable<Integer> {

  @Parameters(paramLabel = "RUN", arity = "0..1", description = "The run folder of train.")
  private String run;

  @Option(names = "--data", paramLabel = "DIR", description = "The data set, as prepare made it.")
  private String data;

  @Option(
      names = "--checkpoint",
      paramLabel = "NAME",
      description = "latest, best, or a name such as epoch-0003; default latest.")
  private String name;

  @Option(
      names = "--detections-out",
      paramLabel = "FILE",
      description =
          "Write what the network finds in each image there, in COCO's results format; of a network"
              + " that finds objects.")
  private String detectionsOut;

  @Option(
      names = "--confusion",
      paramLabel = "FILE",
      description =
          "Write there how often each class was taken for each, as comma-separated values; of a"
              + " network that gives images or pixels a class.")
  private String confusion;

  @Mixin private WeightsOption weights;

  @Mixin private ResultsOptions results;

  @Spec private CommandSpec command;

  @Override
  public Integer call() {
    if (results.asked()) {
      results.requireWithout("RUN", run);
      results.requireWithout("--data", data);
      results.requireWithout("--checkpoint", name);
      results.requireWithout("--weights", weights.typed());
      results.requireWithout("--detections-out", detectionsOut);
      results.requireWithout("--confusion", confusion);
      return results.run();
    }
    results.requireNone();
    require("parameter: 'RUN'", run);
    require("option: '--data=DIR'", data);
    measure();
    return 0;
  }

  private void require(String what, String value) {
    if (value == null) {
      throw new ParameterException(command.commandLine(), "Missing required " + what);
    }
  }

  private void measure() {
    Weights which = weights.weights();
    Application application = Application.ofRanks("dropblock evaluate", 0);
    Configuration configuration = application.configuration();
    Path dataset = application.input("--data", data);
    Checkpoint checkpoint =
        RunFolder.open(application.input("RUN", run), configuration)
            .checkpoints()
            .named(name == null ? "latest" : name, System.out::println);
    NetworkState network = which.take(checkpoint, "run " + run);
    Recipe recipe = Recipe.parse(checkpoint.recipe());
    RecipeParts parts = new RecipeParts(recipe);
    DatasetManifest manifest = parts.dataset(dataset, configuration);
    requireClasses(checkpoint, manifest);
    Optional<Results> written =
        Optional.ofNullable(detectionsOut).map(file -> results(parts, manifest));
    Objective<?> objective =
        written.<Objective<?>>map(Results::objective).orElseGet(() -> parts.byClass(manifest));
    requireConfused(objective, manifest);
    Optional<Path> file = file(application, "--detections-out", detectionsOut);
    Optional<Path> matrix = file(application, "--confusion", confusion);
    Optional<Path> json = results.json(application);
    try (Session session = application.start(System.out)) {
      int world = TaskSlots.all(session.spark()).await(0);
      Evaluation evaluation = parts.evaluation(dataset, manifest, configuration, world);
      Evaluation.Result result = measure(session.spark(), evaluation.by(objective), network);
      if (!Double.isFinite(result.scores().primary().value())) {
        throw new TrainingException(
            "Cannot evaluate run " + run + ": the network's output is not finite");
      }
      String what =
          recipe.name()
              + " after "
              + Count.of(checkpoint.manifest().epochs(), "epoch")
              + which.told(checkpoint);
      written.ifPresent(found -> found.write(result.metric(), file.orElseThrow(), configuration));
      matrix.ifPresent(path -> ConfusionCsv.write(path, configuration, (Confused) result.metric()));
      json.ifPresent(path -> MeasuredJson.write(path, configuration, what, result));
      System.out.print(ScoreTable.of(what, result.scores(), result.images()));
    }
  }

  private static Optional<Path> file(Application application, String option, String typed) {
    return Optional.ofNullable(typed).map(it -> NewFile.path(application, option, it));
  }

  private void requireConfused(Objective<?> objective, DatasetManifest manifest) {
    if (confusion != null && !(objective.metric() instanceof Confused)) {
      throw new TrainingException(
          "Cannot write --confusion "
              + confusion
              + ": run "
              + run
              + " is for "
              + manifest.kind().word()
              + ", its network takes nothing for a class");
    }
  }

  private Results results(RecipeParts parts, DatasetManifest manifest) {
    return parts
        .results(manifest)
        .orElseThrow(
            () ->
                new TrainingException(
                    "Cannot write --detections-out "
                        + detectionsOut
                        + ": run "
                        + run
                        + " is for "
                        + manifest.kind().word()
                        + ", its network finds no objects"));
  }

  private Evaluation.Result measure(
      JavaSparkContext spark, Evaluation evaluation, NetworkState network) {
    OneTry oneTry = OneTry.of(spark);
    try {
      return new JobLabel("evaluation", "evaluate", "evaluation of run " + run)
          .during(spark, () -> evaluation.run(spark, network));
    } catch (Exception e) {
      if (oneTry.reason().isPresent()) {
        throw new TrainingException("Cannot evaluate run " + run + ": " + oneTry.reason().get(), e);
      }
      throw e;
    } finally {
      oneTry.close();
    }
  }

  /** Class numbers are compared: equal ones must have equal names. */
  private void requireClasses(Checkpoint checkpoint, DatasetManifest dataset) {
    Checkpoint.Origin origin = checkpoint.manifest().origin();
    if (origin == null) {
      System.out.println(
          "Cannot compare class names: an older version wrote this checkpoint, which did not keep"
              + " them. Class numbers are compared as they are");
      return;
    }
    Optional<String> difference = origin.data().classDifference(dataset.classes());
    if (difference.isPresent()) {
      throw new TrainingException(
          "Cannot evaluate run "
              + run
              + " on data set "
              + data
              + ": it has "
              + difference.get()
              + "; prepare it with the class folders that the network was trained on");
    }
  }
}
