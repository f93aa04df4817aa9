package io.dropblock.spark.train;

import io.dropblock.nn.NetworkState;
import io.dropblock.spark.cluster.OwnSetting;
import io.dropblock.spark.cluster.StopSignal;
import io.dropblock.spark.train.checkpoint.Checkpoint;
import io.dropblock.spark.train.checkpoint.CheckpointName;
import io.dropblock.spark.train.checkpoint.CheckpointStore;
import io.dropblock.spark.train.checkpoint.WriteTurn;
import io.dropblock.spark.train.event.RunEvent;
import io.dropblock.spark.train.failure.WriteFailure;
import io.dropblock.spark.train.step.EpochPlan;
import io.dropblock.spark.train.step.LayerHistograms;
import io.dropblock.spark.train.step.StepHook;
import io.dropblock.spark.train.step.TrainingPlan;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkEnv;
import org.apache.spark.package$;
import org.apache.spark.util.SerializableConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * Writes a checkpoint at the end of each epoch, and within, and deletes old ones. That at the end
 * of an epoch is written while the next epoch goes on. Where it cannot be written, the run ends at
 * the next begin or end of an epoch.
 */
public final class KeepCheckpoints implements EpochHook {
  /** A rank that waits for a checkpoint is silent to the others for as long. */
  private static final int PART_OF_SILENCE = 2;

  private final RunFolder folder;
  private final Configuration configuration;
  private final String recipe;
  private final int globalBatch;
  private Checkpoint.Origin origin;
  private final int newest;
  private final int everySteps;

  /** Of the epoch before; null if it is known how that ended, or there is none. */
  private volatile Future<Void> write;

  /**
   * @param folder of the run
   * @param configuration Hadoop's settings of the driver
   * @param recipe the effective recipe as YAML
   * @param globalBatch images of one step
   * @param origin what the checkpoints are told to be of
   * @param newest how many of the newest to keep, at least 1; the best one is kept besides
   * @param everySteps steps between two checkpoints within an epoch, 0 for none; a multiple of
   *     those between two averagings
   */
  public KeepCheckpoints(
      RunFolder folder,
      Configuration configuration,
      String recipe,
      int globalBatch,
      Checkpoint.Origin origin,
      int newest,
      int everySteps) {
    this.folder = folder;
    this.configuration = configuration;
    this.recipe = recipe;
    this.globalBatch = globalBatch;
    this.origin = origin;
    this.newest = newest;
    this.everySteps = everySteps;
  }

  /**
   * A run before its first step, for one whose network is not only the recipe's and the seed's.
   *
   * @param network that it begins with
   * @param plan of the run
   */
  public static Checkpoint first(
      ComputationGraph network,
      String recipe,
      TrainingPlan plan,
      int globalBatch,
      Checkpoint.Origin origin) {
    EpochEnd begin = new EpochEnd(plan.epoch(0), null, null, LayerHistograms.NONE);
    return new Checkpoint(
        manifest(begin, 0, globalBatch, origin), recipe, Epochs.Start.of(network, plan).network());
  }

  @Override
  public void begin(int world) {
    origin = new Checkpoint.Origin(world, origin.streams(), origin.data(), origin.changes());
  }

  @Override
  public Optional<StepHook> within(EpochBegin epoch) throws IOException {
    // of an open epoch it may be the one before that
    Future<Void> last = write;
    if (last != null && last.isDone()) {
      WrittenWithin.result(last);
    }
    boolean behind = epoch.open() || last != null && !last.isDone();
    if (everySteps == 0) {
      return Optional.empty();
    }
    EpochPlan plan = epoch.plan();
    EpochEnd begin = new EpochEnd(plan, null, epoch.best(), LayerHistograms.NONE);
    return Optional.of(
        new StepCheckpoints(
            address(),
            new SerializableConfiguration(configuration),
            manifest(begin, plan.epoch()),
            recipe,
            everySteps,
            patience(),
            behind));
  }

  private String address() {
    return folder.files().makeQualified(folder.path()).toString();
  }

  private static Duration patience() {
    OwnSetting silence = OwnSetting.RING_SILENCE;
    return Duration.ofMillis(
        SparkEnv.get().conf().getTimeAsMs(silence.key(), silence.otherwise()) / PART_OF_SILENCE);
  }

  @Override
  public String work() {
    return "checkpoint";
  }

  /** Begins to write, when the one before is written. */
  @Override
  public EpochEnd after(EpochEnd end, Consumer<RunEvent> events) throws IOException {
    folder.requireLock();
    try (WriteTurn turn = WriteTurn.await()) {
      requireWritten();
      WrittenWithin.take(address()).ifPresent(events);
      Checkpoint.Manifest manifest = manifest(end, end.plan().epoch() + 1);
      NetworkState network = end.network();
      if (StopSignal.received()) {
        write(manifest, network, events);
      } else {
        write = turn.begin(() -> write(manifest, network, events));
      }
    }
    return end;
  }

  private Void write(Checkpoint.Manifest manifest, NetworkState network, Consumer<RunEvent> events)
      throws IOException {
    CheckpointStore store = folder.checkpoints();
    CheckpointName name = CheckpointName.of(manifest);
    try {
      // it may have been a long time
      store.write(manifest, recipe, network, folder::requireLock);
    } catch (IOException e) {
      throw WriteFailure.of("checkpoint", folder.files(), store.path(name), e);
    }
    events.accept(new RunEvent.Checkpoint(manifest.step() - 1, name.toString()));
    if (manifest.stepsWithinEpoch() > 0) {
      store.pruneWithin(name);
    } else {
      store.prune(newest, manifest.best());
    }
    return null;
  }

  /** Writes what there is at once, as the process may end. */
  @Override
  public void stopped(StoppedEpoch stopped, Consumer<RunEvent> events) throws IOException {
    // had the one before failed, it is no reason to lose this one
    WriteTurn.awaitEnd();
    write = null;
    WrittenWithin.take(address()).ifPresent(events);
    folder.requireLock();
    EpochEnd begin = new EpochEnd(stopped.plan(), null, stopped.best(), LayerHistograms.NONE);
    Checkpoint.Manifest manifest = manifest(begin, stopped.plan().epoch()).at(stopped.step());
    CheckpointStore store = folder.checkpoints();
    if (!store.hasWhole(CheckpointName.of(manifest))) {
      write(manifest, stopped.network(), events);
    }
  }

  /** Waits for the last one. */
  @Override
  public void end(Consumer<RunEvent> events) throws IOException {
    WriteTurn.awaitEnd();
    requireWritten();
    WrittenWithin.take(address()).ifPresent(events);
  }

  /** Throws what the last one failed by. */
  private void requireWritten() throws IOException {
    Future<Void> done = write;
    write = null;
    if (done != null) {
      WrittenWithin.result(done);
    }
  }

  private Checkpoint.Manifest manifest(EpochEnd end, int epochs) {
    return manifest(end, epochs, globalBatch, origin);
  }

  private static Checkpoint.Manifest manifest(
      EpochEnd end, int epochs, int globalBatch, Checkpoint.Origin origin) {
    EpochPlan plan = end.plan();
    return new Checkpoint.Manifest(
        Checkpoint.Manifest.VERSION,
        epochs,
        (long) epochs * plan.steps(),
        plan.steps(),
        globalBatch,
        plan.seed(),
        end.scores(),
        end.best(),
        List.of(),
        List.of("java " + Runtime.version(), "spark " + package$.MODULE$.SPARK_VERSION()),
        origin);
  }
}
