package io.dropblock.spark.cli;

import io.dropblock.spark.cli.assembly.RecipeParts;
import io.dropblock.spark.experiment.CellEpochs;
import io.dropblock.spark.experiment.Outcome;
import io.dropblock.spark.experiment.Place;
import io.dropblock.spark.files.HadoopPath;
import io.dropblock.spark.recipe.Recipe;
import io.dropblock.spark.recipe.RecipeChange;
import io.dropblock.spark.recipe.grid.Cell;
import io.dropblock.spark.recipe.yaml.RecipeException;
import io.dropblock.spark.report.ProgressLine;
import io.dropblock.spark.report.page.ReportedRun;
import io.dropblock.spark.text.ForeseenException;
import io.dropblock.spark.train.RunFolder;
import io.dropblock.spark.train.event.EventLog;
import io.dropblock.spark.train.event.RunEvent;
import io.dropblock.spark.train.failure.TrainingException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A cell of an experiment and its run folder. */
final class CellRun {
  private static final Logger LOG = LoggerFactory.getLogger(CellRun.class);

  /** What may differ from what a run was begun with: its result does not depend on it. */
  private static final Set<String> WHERE_AND_WHEN =
      Set.of("train.world", "train.prefetch", "train.keep_checkpoints", "train.checkpoint_every");

  private final Cell cell;
  private final Path folder;
  private final Start start;

  /**
   * What all cells begin with.
   *
   * @param application not started yet
   * @param data the data set
   * @param trained whose trunk cells with {@code init} take
   * @param weights which of its weights
   */
  record Start(Application application, Path data, Optional<Path> trained, Weights weights) {
    Configuration configuration() {
      return application.configuration();
    }
  }

  CellRun(Cell cell, Path folder, Start start) {
    this.cell = cell;
    this.folder = folder;
    this.start = start;
  }

  Cell cell() {
    return cell;
  }

  Place place() {
    return new Place(cell.name(), cell.row(), cell.x(), cell.seed());
  }

  /**
   * Checks all that can be checked before Spark starts: data, network, settings, and the run that
   * the folder holds.
   *
   * @throws TrainingException if the cell cannot be trained, with its name
   */
  void check() {
    try {
      if (isBegun()) {
        requireSameRecipe();
      }
      opened().close();
    } catch (ForeseenException e) {
      throw new TrainingException(
          "Cannot begin the experiment because of its cell " + cell.name() + ": " + e.getMessage(),
          e);
    }
  }

  private TrainingRun opened() {
    Recipe recipe = cell.recipe();
    boolean begun = isBegun();
    return cell.init() && !begun
        ? TrainingRun.of(
            start.application(),
            recipe,
            start.data(),
            folder,
            start.trained().orElseThrow(),
            start.weights())
        : TrainingRun.of(start.application(), recipe, start.data(), folder, begun);
  }

  /** Whether it needs no trained network, has one, or has taken one already. */
  boolean canBegin() {
    return !cell.init() || start.trained().isPresent() || isBegun();
  }

  /** An empty recipe is what a full disk left of a run that did not begin. */
  boolean isBegun() {
    Path recipe = HadoopPath.in(folder, "recipe.yaml");
    FileSystem files = HadoopPath.fileSystem(folder, start.configuration());
    try {
      return files.exists(recipe) && files.getFileStatus(recipe).getLen() > 0;
    } catch (IOException e) {
      throw new TrainingException("Cannot read run folder " + folder + ": " + e.getMessage(), e);
    }
  }

  private void requireSameRecipe() {
    Recipe before;
    try {
      before = Recipe.parse(run().readRecipe());
    } catch (RecipeException e) {
      LOG.debug("Resuming says what is wrong with it", e);
      return;
    }
    String changes =
        cell.recipe().changesSince(before).stream()
            .filter(change -> !WHERE_AND_WHEN.contains(change.key()))
            .map(RecipeChange::toString)
            .collect(Collectors.joining(", "));
    if (!changes.isEmpty()) {
      throw new TrainingException(
          "run folder "
              + folder
              + " holds a run of another recipe ("
              + changes
              + "); take another --out, or move that folder away");
    }
  }

  /** Whether nothing of it is left to train. */
  boolean isDone() {
    return isBegun()
        && new Resumption(
                run(),
                cell.recipe(),
                new RecipeParts(cell.recipe()).dataset(start.data(), start.configuration()))
            .isDone();
  }

  /** Trains it, or what is left of it. */
  void train(JavaSparkContext spark, ProgressLine progress) {
    try (TrainingRun training = opened()) {
      training.train(spark, progress);
    }
  }

  private RunFolder run() {
    return RunFolder.open(folder, start.configuration());
  }

  /** What it came to; empty if nothing was measured, or it cannot be read. */
  Optional<Outcome> outcome() {
    return Outcome.of(place(), told());
  }

  /** Those that are done. */
  CellEpochs epochs() {
    return CellEpochs.of(told());
  }

  /** How many of them; 0 before it has begun. */
  int epochsDone() {
    return isBegun() ? epochs().all().size() : 0;
  }

  /** For a page; empty if it cannot be read. */
  Optional<ReportedRun> reported() {
    try {
      return Optional.of(ReportedRun.of(run()));
    } catch (ForeseenException e) {
      LOG.warn(e.getMessage());
      return Optional.empty();
    }
  }

  private List<RunEvent> told() {
    try {
      RunFolder run = run();
      return run.files().exists(run.events())
          ? EventLog.read(run.files(), run.events())
          : List.of();
    } catch (IOException e) {
      LOG.warn("Cannot read what run {} told: {}", folder, e.getMessage());
      return List.of();
    }
  }
}
