package io.dropblock.spark.train;

import io.dropblock.spark.cluster.RankLimits;
import io.dropblock.spark.cluster.Recovery;
import io.dropblock.spark.cluster.RecoverySettings;
import io.dropblock.spark.cluster.RunJobs;
import io.dropblock.spark.cluster.SlotShare;
import io.dropblock.spark.cluster.TaskSlots;
import io.dropblock.spark.train.checkpoint.Checkpoint;
import io.dropblock.spark.train.checkpoint.DataIdentity;
import io.dropblock.spark.train.event.RunEvent;
import io.dropblock.spark.train.failure.TrainingException;
import io.dropblock.spark.train.progress.TrainingPlugin;
import io.dropblock.spark.train.step.Averaging;
import io.dropblock.spark.train.step.RankFeed;
import io.dropblock.spark.train.step.TrainingPlan;
import io.dropblock.spark.train.step.WatchedLayers;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * A run on the driver: {@link Epochs} from the start, or from a checkpoint, to the end. Where a job
 * fails on the cluster it goes on from the newest checkpoint, on other executors where it has to.
 */
public final class Trainer {
  private static final String WITHOUT_STEPS =
      String.format(
          Locale.ROOT,
          "Only whole epochs are told of, not the steps within: %s does not name %s",
          TrainingPlugin.SETTING,
          TrainingPlugin.class.getName());

  private final JavaSparkContext spark;
  private final RunFolder folder;
  private final Settings settings;
  private final List<EpochHook> hooks;
  private final Consumer<RunEvent> watcher;

  /**
   * What a run is made of, besides its data.
   *
   * @param recipeName for people
   * @param recipe the effective recipe as YAML, kept in each checkpoint
   * @param plan epochs, steps and schedules
   * @param averaging how ranks come together
   * @param ranks how many there may be, one time and another
   * @param share of the cluster's task slots that is the run's
   * @param recovery how patient it is
   * @param parameters trainable parameters of the network, for people
   * @param layers of whose numbers histograms are made
   */
  public record Settings(
      String recipeName,
      String recipe,
      TrainingPlan plan,
      Averaging averaging,
      RankLimits ranks,
      SlotShare share,
      RecoverySettings recovery,
      long parameters,
      WatchedLayers layers) {}

  /**
   * @param hooks what the run does at the end of each epoch, in this order
   * @param watcher told of everything that happens, one thing at a time, on the calling thread or
   *     on one of Spark's
   */
  public Trainer(
      JavaSparkContext spark,
      RunFolder folder,
      Settings settings,
      List<EpochHook> hooks,
      Consumer<RunEvent> watcher) {
    this.spark = spark;
    this.folder = folder;
    this.settings = settings;
    this.hooks = List.copyOf(hooks);
    this.watcher = new OneAtATime(watcher);
  }

  /**
   * Trains until the last epoch is done.
   *
   * @param network the network of the recipe, initialised; the start of a new run
   * @param feed where ranks get their batches
   * @param beginning the checkpoint to go on with, if any
   * @return the events of all epochs, those before a resumed checkpoint included
   * @throws TrainingException if checkpoint or data do not fit, the run folder cannot be written, a
   *     step leaves a number that is not finite, or the cluster fails too often
   * @throws io.dropblock.spark.cluster.ClusterException if it has too few task slots in the end
   */
  public List<RunEvent> run(ComputationGraph network, RankFeed feed, Beginning beginning) {
    ResumeRules rules =
        new ResumeRules(
            folder, settings.plan(), network.params().length(), feed, settings.averaging());
    beginning.checkpoint().ifPresent(rules::requireFit);
    Epochs.Start first = Epochs.Start.of(network, settings.plan());
    TaskSlots slots = new TaskSlots(spark, settings.share());
    Optional<String> name =
        settings.share().isWhole() ? Optional.empty() : Optional.of(settings.recipeName());
    try (RunJobs jobs = RunJobs.begin(spark, name);
        Recovery recovery = new Recovery(slots, jobs, settings.ranks(), settings.recovery());
        Stopping stopping = new Stopping(jobs, watcher)) {
      Epochs.Start start = beginning.checkpoint().map(Epochs.Start::of).orElse(first);
      List<RunEvent> openings = openings(start, feed, beginning, rules);
      Attempts attempts =
          new Attempts(
              new Attempts.Run(spark, folder, settings, hooks, feed, watcher),
              rules,
              recovery,
              stopping,
              first);
      return attempts.run(start, openings);
    } catch (IOException e) {
      throw new TrainingException(
          "Cannot write to run folder " + folder.path() + ": " + e.getMessage(), e);
    }
  }

  /** What is told as it begins. */
  private List<RunEvent> openings(
      Epochs.Start start, RankFeed feed, Beginning beginning, ResumeRules rules)
      throws IOException {
    long stepsDone = start.step(settings.plan().stepsPerEpoch());
    Optional<Checkpoint> checkpoint = beginning.checkpoint();
    List<String> notes = new ArrayList<>();
    boolean older = checkpoint.filter(found -> found.manifest().origin() == null).isPresent();
    rules.requireData(DataIdentity.of(feed.source().manifest()), older).ifPresent(notes::add);
    checkpoint.flatMap(rules::otherRanks).ifPresent(notes::add);
    notes.addAll(beginning.notes());
    OldNetwork.note(start, settings.plan()).ifPresent(notes::add);
    beginning.change().map(told -> changed(told, stepsDone)).ifPresent(notes::add);
    if (!TrainingPlugin.isOn()) {
      notes.add(WITHOUT_STEPS);
    }
    List<RunEvent> openings =
        new ArrayList<>(List.of(started(feed, stepsDone), RunEnvironment.of(spark.sc())));
    notes.stream().map(RunEvent.Note::new).forEach(openings::add);
    return openings;
  }

  /** Nothing stands against it any more. */
  private String changed(String told, long stepsDone) {
    String kept = folder.changeRecipe(settings.recipe(), stepsDone);
    return told + " (" + kept + " is the recipe until there)";
  }

  private RunEvent started(RankFeed feed, long firstStep) {
    return new RunEvent.Started(
        settings.recipeName(),
        feed.world(),
        feed.slots().count(),
        feed.globalBatch(),
        settings.plan().epochs(),
        settings.plan().stepsPerEpoch(),
        firstStep,
        feed.images(),
        settings.parameters());
  }
}
