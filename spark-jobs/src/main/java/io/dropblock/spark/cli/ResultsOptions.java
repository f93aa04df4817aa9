package io.dropblock.spark.cli;

import io.dropblock.spark.evaluate.coco.CocoResults;
import io.dropblock.spark.evaluate.coco.ScoresJson;
import io.dropblock.spark.report.ScoreTable;
import io.dropblock.spark.text.Count;
import java.util.Locale;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What evaluate does with detections that are in a file already, in place of measuring a run. */
final class ResultsOptions {
  @Option(
      names = "--detections",
      paramLabel = "FILE",
      description =
          "In place of RUN: score this results file, in COCO's format; needs --annotations.")
  private String detections;

  @Option(
      names = "--annotations",
      paramLabel = "FILE",
      description = "With --detections: what is true, such as instances_val2017.json.")
  private String annotations;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Write the scores there, too, for programs.")
  private String json;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  /** Where scores are written, too: of detections, or of a run. */
  Optional<Path> json(Application application) {
    return Optional.ofNullable(json).map(typed -> NewFile.path(application, "--json", typed));
  }

  /** Whether there is anything to do here. */
  boolean asked() {
    return detections != null;
  }

  /**
   * Checks that nothing here is given without the detections that it is for.
   *
   * @throws ParameterException where it is
   */
  void requireNone() {
    refuse(
        "--annotations", annotations, "without --detections: it is what they are scored against");
  }

  /**
   * An option of measuring a run was given or not.
   *
   * @throws ParameterException where it was
   */
  void requireWithout(String option, String value) {
    refuse(
        option,
        value,
        "with --detections: it scores a results file, without a network; leave " + option + " out");
  }

  private void refuse(String option, String value, String reason) {
    if (value != null) {
      throw new ParameterException(
          command.commandLine(),
          String.format(Locale.ROOT, "Cannot use %s %s %s", option, value, reason));
    }
  }

  /** Scores the detections; the status to exit with. */
  int run() {
    if (annotations == null) {
      throw new ParameterException(
          command.commandLine(),
          "Cannot score --detections " + detections + ": give --annotations FILE, too");
    }
    Application application = Application.ofTasks("dropblock evaluate");
    Path results = application.path("--detections", detections);
    Path truth = application.path("--annotations", annotations);
    Optional<Path> out = json(application);
    CocoResults scored = CocoResults.score(results, truth, application.configuration());
    out.ifPresent(file -> ScoresJson.write(file, application.configuration(), scored));
    System.out.print(
        ScoreTable.of(
            results + ", " + Count.of(scored.detections(), "detection"),
            scored.scores(),
            scored.images()));
    return 0;
  }
}
