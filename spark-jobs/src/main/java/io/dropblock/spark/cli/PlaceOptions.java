package io.dropblock.spark.cli;

import io.dropblock.model.Regularization.Site;
import io.dropblock.spark.analyze.DropPlaces;
import io.dropblock.spark.train.failure.TrainingException;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Where networks are to drop at inference. */
final class PlaceOptions {
  private static final double PAPER_DIVISOR = 4;

  @Option(
      names = "--groups",
      paramLabel = "GROUP",
      split = ",",
      description =
          "Groups that drop, such as 3,4; default: as in training, and of a run that trained"
              + " without, as the first of the others.")
  private List<Integer> groups;

  @Option(
      names = "--sites",
      paramLabel = "SITE",
      split = ",",
      description = "Sites in these groups: branch, skip; both if left out; with --groups.")
  private List<String> sites;

  @Option(
      names = "--group-divisor",
      paramLabel = "NUMBER",
      description =
          "By which the drop probability shrinks from a group to the one before it, at least 1;"
              + " the paper's 4 if left out; with --groups.")
  private Double divisor;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  /**
   * Where each of some runs drops.
   *
   * @throws ParameterException if an option cannot be used
   * @throws TrainingException if nobody says where
   */
  Map<AnalyzedRun, DropPlaces> of(List<AnalyzedRun> runs) {
    Optional<DropPlaces> asked = asked();
    Optional<DropPlaces> other =
        runs.stream().flatMap(run -> run.classifier().places().stream()).findFirst();
    Map<AnalyzedRun, DropPlaces> places = new LinkedHashMap<>();
    for (AnalyzedRun run : runs) {
      DropPlaces found =
          asked
              .or(() -> run.classifier().places())
              .or(() -> other)
              .orElseThrow(
                  () ->
                      new TrainingException(
                          "Cannot tell where run "
                              + run.trained().run()
                              + " is to drop: it trained without, and so did the others; add"
                              + " --groups, such as the last two of its "
                              + run.classifier().groups()));
      if (found.groups().last() > run.classifier().groups()) {
        throw new TrainingException(
            "Cannot drop in group "
                + found.groups().last()
                + " of run "
                + run.trained().run()
                + ": its network has groups 1 to "
                + run.classifier().groups()
                + "; give others by --groups");
      }
      places.put(run, found);
    }
    return places;
  }

  private Optional<DropPlaces> asked() {
    if (groups == null) {
      if (sites != null || divisor != null) {
        throw refusal(
            "Cannot use " + (sites != null ? "--sites" : "--group-divisor") + " without --groups");
      }
      return Optional.empty();
    }
    groups.forEach(group -> new Ranges(command).require("--groups", group, 1, 100));
    if (divisor != null && !(divisor >= 1 && divisor < 1e9)) {
      throw refusal("Cannot use --group-divisor " + divisor + ": it is not at least 1");
    }
    return Optional.of(
        new DropPlaces(
            new TreeSet<>(groups),
            sites == null ? EnumSet.of(Site.BRANCH, Site.SKIP) : named(),
            divisor == null ? PAPER_DIVISOR : divisor));
  }

  private Set<Site> named() {
    Set<Site> found = EnumSet.noneOf(Site.class);
    for (String site : sites) {
      found.add(
          switch (site) {
            case "branch" -> Site.BRANCH;
            case "skip" -> Site.SKIP;
            default -> throw refusal("Cannot use --sites " + site + ": it is none of branch, skip");
          });
    }
    return found;
  }

  private ParameterException refusal(String message) {
    return new ParameterException(command.commandLine(), message);
  }
}
