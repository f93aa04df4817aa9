package io.dropblock.spark.cli;

import io.dropblock.spark.cli.assembly.RecipeParts;
import io.dropblock.spark.cluster.StopSignal;
import io.dropblock.spark.cluster.TaskSlots;
import io.dropblock.spark.train.failure.TrainingException;
import io.dropblock.spark.tune.Coordinate;
import io.dropblock.spark.tune.Search;
import io.dropblock.spark.tune.Trial;
import io.dropblock.spark.tune.TrialFile;
import io.dropblock.spark.tune.TrialTable;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkConf;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Which executors, prefetch and local batch train a recipe fastest here, by trials. */
@Command(
    name = "tune",
    description =
        "Trains a recipe for a minute with each of several settings, and prints the fastest.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Each trial is a Spark application of its own on the same cores and memory; it",
      "leaves nothing behind. A step keeps its images. What is tried, one behind the",
      "other, each around the best so far: executors a host, ranks in an executor,",
      "prefetch, and the local batch, which makes another run.",
      "",
      "Examples:",
      "  ./submit.sh tune cifar10-resnet20-dropblock --data data/cifar10",
      "  ./submit.sh --cluster yarn tune imagenet-resnet50 --data hdfs:///imagenet \\",
      "      --seconds 120 --try executors,ranks --out tune.csv"
    })
final class TuneCommand implements Callable<Integer> {
  private static final int LONGEST = 3600;

  @Mixin private RecipeArguments recipe;

  @Option(
      names = "--data",
      required = true,
      paramLabel = "DIR",
      description = "The data set, as prepare made it.")
  private String data;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      defaultValue = "60",
      description =
          "How long the steps of a trial are counted, behind a quarter of that to warm up; default"
              + " ${DEFAULT-VALUE}.")
  private int seconds;

  @Option(
      names = "--try",
      paramLabel = "WORDS",
      split = ",",
      hideParamSyntax = true,
      description =
          "What to try, of executors, ranks, prefetch and batch, separated by commas; all if left"
              + " out.")
  private List<String> words = List.of();

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "Write the trials there, too, as FILE.csv or FILE.json.")
  private String out;

  @Spec private CommandSpec command;

  @Override
  public Integer call() {
    if (seconds < 1 || seconds > LONGEST) {
      throw new ParameterException(
          command.commandLine(),
          String.format(Locale.ROOT, "Invalid --seconds: %d is not in 1 to %d", seconds, LONGEST));
    }
    List<Coordinate> order = order();
    TunedRecipe tuned = TunedRecipe.of(recipe);
    Application application = Application.ofRanks("dropblock tune " + tuned.recipe().name(), 0);
    TunedCluster.requireTunable(application.settings());
    Path dataset = application.path("--data", data);
    RecipeParts parts = new RecipeParts(tuned.recipe());
    parts.dataset(dataset, application.configuration());
    Optional<Path> file =
        Optional.ofNullable(out).map(typed -> NewFile.path(application, "--out", typed));
    if (file.filter(it -> !TrialFile.isNamed(it)).isPresent()) {
      throw new ParameterException(
          command.commandLine(),
          "Cannot write --out " + out + ": its name must end in .csv or .json");
    }
    TunedCluster cluster;
    System.out.println("Looking for executors");
    SparkConf settings = TuneTrials.quiet(application.settings().clone());
    try (Session session = Session.start(settings, () -> "Stopped")) {
      cluster = TunedCluster.look(TaskSlots.all(session.spark()));
    }
    Search search =
        new Search(
            tuned.now(cluster.shape()),
            order,
            cluster.bounds(application.settings(), tuned.recipe(), parts));
    TuneTrials trials =
        new TuneTrials(application, tuned, dataset, Duration.ofSeconds(seconds), file, search);
    trials.printPlan();
    List<Trial> made = trials.run();
    if (StopSignal.received()) {
      return 1;
    }
    if (made.get(0).measured().isEmpty()) {
      throw new TrainingException(
          "Cannot tune, as the present settings fail: " + made.get(0).failure());
    }
    System.out.printf(Locale.ROOT, "%n%s%n", TrialTable.of(made, search));
    new TuneAdvice(application.settings(), tuned, data, search)
        .lines(search.after(made))
        .forEach(System.out::println);
    return 0;
  }

  /** As all are tried, whatever the order of words. */
  private List<Coordinate> order() {
    for (String word : words) {
      if (Coordinate.of(word).isEmpty()) {
        throw new ParameterException(
            command.commandLine(),
            "Invalid --try: '" + word + "' is none of " + Coordinate.words());
      }
    }
    return Arrays.stream(Coordinate.values())
        .filter(it -> words.isEmpty() || words.contains(it.word()))
        .toList();
  }
}
