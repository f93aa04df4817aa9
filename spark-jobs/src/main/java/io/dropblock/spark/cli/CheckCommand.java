package io.dropblock.spark.cli;

import io.dropblock.spark.preflight.ClusterCheck;
import io.dropblock.spark.preflight.finding.Finding;
import io.dropblock.spark.preflight.finding.FindingsJson;
import io.dropblock.spark.preflight.finding.FindingsTable;
import io.dropblock.spark.recipe.Recipe;
import io.dropblock.spark.text.ForeseenException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.hadoop.fs.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Whether a cluster can train a recipe, found out before a training tries. */
@Command(
    name = "check",
    description = "Looks whether this cluster can train a recipe, in a table: a line a check.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Executors are started as for train; nothing is trained, and nothing is left",
      "behind. The status is 1 if there is a fault, 0 if there are warnings only.",
      "",
      "Examples:",
      "  ./submit.sh check",
      "  ./submit.sh check imagenet-resnet50-dropblock --data data/imagenet \\",
      "      --run runs/first",
      "  ./submit.sh --cluster standalone check demo --json check.json"
    })
final class CheckCommand implements Callable<Integer> {

  @Parameters(
      arity = "0..1",
      paramLabel = "RECIPE",
      description =
          "Name of a bundled recipe, or path of a .yaml file; without one memory and"
              + " ranks are not checked.")
  private String recipe;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Change a setting of the recipe, such as train.epochs=3. Repeatable.")
  private List<String> overrides = List.of();

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "The data set, as prepare made it: is it there, how fast is it read?")
  private String data;

  @Option(
      names = "--run",
      paramLabel = "DIR",
      description = "The run folder that is to be: can it be written?")
  private String run;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Write what was found there, too, for programs.")
  private String json;

  @Option(
      names = "--wait",
      paramLabel = "SECONDS",
      defaultValue = "10",
      description =
          "How long to wait for executors, and for each of five checks on them; default"
              + " ${DEFAULT-VALUE}.")
  private int seconds;

  @Spec private CommandSpec command;

  @Override
  public Integer call() {
    if (seconds < 1 || seconds > 3600) {
      throw new ParameterException(
          command.commandLine(),
          String.format(Locale.ROOT, "Invalid --wait: %d is not in 1 to 3600", seconds));
    }
    if (recipe == null && !overrides.isEmpty()) {
      throw new ParameterException(
          command.commandLine(), "Cannot use --set without a RECIPE: it changes one");
    }
    Optional<Recipe> loaded = Optional.ofNullable(recipe).map(it -> Recipe.load(it, overrides));
    Application application = Application.toCheck("dropblock check");
    Optional<Path> written =
        Optional.ofNullable(json).map(typed -> NewFile.path(application, "--json", typed));
    DriverChecks driver =
        new DriverChecks(
            application,
            loaded,
            Optional.ofNullable(data).map(it -> application.path("--data", it)),
            Optional.ofNullable(run).map(it -> application.path("--run", it)));
    List<Finding> findings = new ArrayList<>(driver.findings());
    findings.addAll(onExecutors(application, driver));
    System.out.println();
    System.out.print(FindingsTable.of(findings));
    written.ifPresent(file -> FindingsJson.write(file, application.configuration(), findings));
    return Finding.anyFault(findings) ? 1 : 0;
  }

  private List<Finding> onExecutors(Application application, DriverChecks driver) {
    Optional<ClusterCheck.Asked> asked = driver.asked();
    if (asked.isEmpty()) {
      return ClusterCheck.notChecked("the settings are at fault");
    }
    try (Session session = application.start(System.out)) {
      return new ClusterCheck(session.spark(), Duration.ofSeconds(seconds), asked.get()).findings();
    } catch (ForeseenException e) {
      List<Finding> none = new ArrayList<>(ClusterCheck.notChecked("Spark did not start"));
      none.set(0, Finding.fault(none.get(0).check(), e));
      return none;
    }
  }
}
