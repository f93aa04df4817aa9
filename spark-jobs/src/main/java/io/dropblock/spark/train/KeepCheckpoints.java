package io.dropblock.spark.train;

import io.dropblock.spark.train.checkpoint.Best;
import io.dropblock.spark.train.checkpoint.Checkpoint;
import io.dropblock.spark.train.checkpoint.CheckpointName;
import io.dropblock.spark.train.checkpoint.CheckpointStore;
import io.dropblock.spark.train.event.RunEvent;
import io.dropblock.spark.train.failure.WriteFailure;
import io.dropblock.spark.train.step.EpochPlan;
import io.dropblock.spark.train.step.LayerHistograms;
import io.dropblock.spark.train.step.StepHook;
import io.dropblock.spark.train.step.TrainingPlan;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.package$;
import org.apache.spark.util.SerializableConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * Writes a checkpoint at the end of each epoch, and within, and deletes old ones.
 *
 * @param folder of the run
 * @param configuration Hadoop's settings of the driver
 * @param recipe the effective recipe as YAML
 * @param globalBatch images of one step
 * @param origin what the checkpoints are told to be of
 * @param newest how many of the newest to keep, at least 1; the best one is kept besides
 * @param everySteps steps between two checkpoints within an epoch, 0 for none; a multiple of those
 *     between two averagings
 */
public record KeepCheckpoints(
    RunFolder folder,
    Configuration configuration,
    String recipe,
    int globalBatch,
    Checkpoint.Origin origin,
    int newest,
    int everySteps)
    implements EpochHook {

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
  public Optional<StepHook> within(EpochPlan plan, Best best) {
    if (everySteps == 0) {
      return Optional.empty();
    }
    EpochEnd begin = new EpochEnd(plan, null, best, LayerHistograms.NONE);
    return Optional.of(
        new StepCheckpoints(
            folder.files().makeQualified(folder.path()).toString(),
            new SerializableConfiguration(configuration),
            manifest(begin, plan.epoch()),
            recipe,
            everySteps,
            newest));
  }

  @Override
  public String work() {
    return "checkpoint";
  }

  @Override
  public EpochEnd after(EpochEnd end, Consumer<RunEvent> events) throws IOException {
    CheckpointStore store = folder.checkpoints();
    Checkpoint.Manifest manifest = manifest(end, end.plan().epoch() + 1);
    CheckpointName name = CheckpointName.of(manifest);
    folder.requireLock();
    try {
      store.write(new Checkpoint(manifest, recipe, end.network()));
    } catch (IOException e) {
      throw WriteFailure.of("checkpoint", folder.files(), store.path(name), e);
    }
    events.accept(new RunEvent.Checkpoint(manifest.step() - 1, name.toString()));
    store.prune(newest, end.best());
    return end;
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
