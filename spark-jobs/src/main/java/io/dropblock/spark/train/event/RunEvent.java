package io.dropblock.spark.train.event;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.dropblock.metric.Scores;
import java.io.Serializable;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What happens in a run, for whoever watches: one line each of {@code events.jsonl}, which counts
 * epochs and steps from 1.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "event")
@JsonSubTypes({
  @JsonSubTypes.Type(value = RunEvent.Started.class, name = "started"),
  @JsonSubTypes.Type(value = RunEvent.Environment.class, name = "environment"),
  @JsonSubTypes.Type(value = RunEvent.Note.class, name = "note"),
  @JsonSubTypes.Type(value = RunEvent.Failed.class, name = "failed"),
  @JsonSubTypes.Type(value = RunEvent.Ranks.class, name = "ranks"),
  @JsonSubTypes.Type(value = RunEvent.Steps.class, name = "steps"),
  @JsonSubTypes.Type(value = RunEvent.Checkpoint.class, name = "checkpoint"),
  @JsonSubTypes.Type(value = RunEvent.Epoch.class, name = "epoch"),
  @JsonSubTypes.Type(value = RunEvent.Stopped.class, name = "stopped"),
})
@JsonInclude(JsonInclude.Include.NON_NULL)
public sealed interface RunEvent extends Serializable {

  /**
   * Whether it tells of what a run will do again that goes on from some step.
   *
   * @param epochs that are done
   * @param step the next one, in the run, from 0
   */
  default boolean isAhead(int epochs, long step) {
    if (this instanceof Steps steps) {
      return steps.step() >= step;
    }
    return this instanceof Epoch epoch && epoch.epoch() >= epochs
        || this instanceof Checkpoint checkpoint && checkpoint.step() >= step;
  }

  /**
   * A run begins, or goes on.
   *
   * @param recipe the recipe's name
   * @param world number of ranks
   * @param slots micro-batches of one step, which ranks share out; 0 if an older version wrote it
   * @param globalBatch images of one step, all ranks together
   * @param epochs number of epochs
   * @param stepsPerEpoch steps of each
   * @param firstStep the step it begins with, from 0: that after the checkpoint that is resumed
   * @param images to train on; 0 if an older version wrote it
   * @param parameters trainable parameters
   */
  record Started(
      String recipe,
      int world,
      int slots,
      int globalBatch,
      int epochs,
      int stepsPerEpoch,
      long firstStep,
      long images,
      long parameters)
      implements RunEvent {

    /** As older versions wrote it, without slots. */
    public Started(
        String recipe,
        int world,
        int globalBatch,
        int epochs,
        int stepsPerEpoch,
        long firstStep,
        long images,
        long parameters) {
      this(recipe, world, 0, globalBatch, epochs, stepsPerEpoch, firstStep, images, parameters);
    }
  }

  /**
   * What a run is trained with, told behind its start: versions, machine, executors.
   *
   * @param facts by name, in the order in which they are shown
   */
  record Environment(Map<String, String> facts) implements RunEvent {

    /** Keeps the order. */
    public Environment {
      facts = Collections.unmodifiableMap(new LinkedHashMap<>(facts));
    }
  }

  /**
   * Something that people should know: a checkpoint that was passed over, a recipe that changed.
   *
   * @param text a line
   */
  record Note(String text) implements RunEvent {}

  /**
   * A job failed on the cluster. The run waits for task slots, and goes on from its last
   * checkpoint.
   *
   * @param failures without a new checkpoint in between, this one included
   * @param most as many, and the run is given up
   * @param step the step it goes on with
   * @param reason in one line, with rank and host where they are known
   * @param leftOut hosts that it does without from now on
   */
  record Failed(int failures, int most, long step, String reason, List<String> leftOut)
      implements RunEvent {}

  /**
   * More or fewer ranks go on, with the same images in each step.
   *
   * @param step the step they go on with, in the run, from 0
   * @param ranks how many there are now
   * @param before how many there were
   */
  record Ranks(long step, int ranks, int before) implements RunEvent {}

  /**
   * Some steps have been done by all ranks since the event before: a slice of an epoch, never the
   * whole of it by another name. In a log each slice ends behind the one before, whatever was done
   * again in between.
   *
   * @param epoch the epoch, from 0
   * @param step the last step of the slice, in the run, from 0
   * @param steps how many it has; 0 if an older version wrote it
   * @param loss mean loss of their batches, weight decay included
   * @param imagesPerSecond all ranks together
   * @param keepProbability nominal, of the last step
   * @param keptFraction the realised share of kept elements, mean over sites and steps
   * @param learningRate of the last step
   */
  record Steps(
      int epoch,
      long step,
      int steps,
      double loss,
      double imagesPerSecond,
      double keepProbability,
      double keptFraction,
      double learningRate)
      implements RunEvent {

    /** One slice of this and the one behind it. */
    Steps plus(Steps later) {
      // older versions did not count them
      int own = Math.max(1, steps);
      int more = Math.max(1, later.steps);
      int all = own + more;
      double seconds = own / imagesPerSecond + more / later.imagesPerSecond;
      return new Steps(
          later.epoch,
          later.step,
          all,
          (own * loss + more * later.loss) / all,
          all / seconds,
          later.keepProbability,
          (own * keptFraction + more * later.keptFraction) / all,
          later.learningRate);
    }
  }

  /**
   * A checkpoint is written.
   *
   * @param step the last step that it holds, in the run, from 0
   * @param name of its folder
   */
  record Checkpoint(long step, String name) implements RunEvent {}

  /**
   * An epoch is over.
   *
   * @param epoch the epoch, from 0
   * @param loss mean training loss, weight decay included; of an epoch that was resumed within,
   *     over the steps since. So are the next two and the time
   * @param imagesPerSecond all ranks together, evaluation not counted
   * @param seconds the epoch's time from its begin to that of the next, evaluation included where
   *     that waits for it
   * @param keepProbability nominal, of the last step
   * @param keptFraction the realised share of kept elements, mean over sites and steps
   * @param learningRate of the last step
   * @param scores of the validation images; null if it was not this epoch's turn
   * @param best the highest primary score so far, which the paper reports; null before the first
   * @param spent seconds of the epoch by what the driver waited for: {@code steps}, {@code
   *     evaluation}, {@code examples}, {@code histograms}, {@code checkpoint}, and {@code wait} for
   *     what was done beside its steps and belongs to the epoch before; empty if an older version
   *     wrote it
   * @param beside seconds of what was done for this epoch beside the steps of the next, which are
   *     not among its own: {@code evaluation} and so on; empty where nothing was
   * @param ranks where the time of its steps went on each rank; empty if an older version wrote it
   * @param sites what was kept at each site; empty if an older version wrote it
   */
  record Epoch(
      int epoch,
      double loss,
      double imagesPerSecond,
      double seconds,
      double keepProbability,
      double keptFraction,
      double learningRate,
      Scores scores,
      Double best,
      Map<String, Double> spent,
      Map<String, Double> beside,
      List<RankTimes> ranks,
      List<SiteShare> sites)
      implements RunEvent {

    /** Copies what may be missing. */
    public Epoch {
      spent = spent == null ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(spent));
      beside = beside == null ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(beside));
      ranks = ranks == null ? List.of() : List.copyOf(ranks);
      sites = sites == null ? List.of() : List.copyOf(sites);
    }

    /** Where nothing was done beside the next epoch. */
    public Epoch(
        int epoch,
        double loss,
        double imagesPerSecond,
        double seconds,
        double keepProbability,
        double keptFraction,
        double learningRate,
        Scores scores,
        Double best,
        Map<String, Double> spent,
        List<RankTimes> ranks,
        List<SiteShare> sites) {
      this(
          epoch,
          loss,
          imagesPerSecond,
          seconds,
          keepProbability,
          keptFraction,
          learningRate,
          scores,
          best,
          spent,
          Map.of(),
          ranks,
          sites);
    }

    /** The same with no more than so many ranks, the slowest; they stay in their order. */
    public Epoch ofSlowest(int most) {
      return new Epoch(
          epoch,
          loss,
          imagesPerSecond,
          seconds,
          keepProbability,
          keptFraction,
          learningRate,
          scores,
          best,
          spent,
          beside,
          ranks.stream()
              .sorted(Comparator.comparingDouble(rank -> -rank.ownSeconds()))
              .limit(most)
              .sorted(Comparator.comparingInt(RankTimes::rank))
              .toList(),
          sites);
    }
  }

  /**
   * What a site of DropBlock or DropPath kept in an epoch, mean over all micro-batches.
   *
   * @param site its name in the network
   * @param expected the share that its keep probability lets expect, exactly: more than that where
   *     blocks overlap
   * @param kept the share that was kept
   */
  record SiteShare(String site, double expected, double kept) implements Serializable {}

  /**
   * A rank's share of an epoch.
   *
   * @param rank from 0
   * @param host where it ran
   * @param executor Spark's name of the process it ran in; null if an older version wrote it
   * @param steps how many steps the times are of
   * @param seconds by what they went for: {@code data}, the wait for images; {@code forward} and
   *     {@code backward}; {@code average}, its own work, and {@code wait}, for other ranks and the
   *     network; {@code update}; {@code checkpoint}, those within the epoch
   * @param starved micro-batches that were not ready when they were asked for
   * @param nativeMemory the most bytes of its process outside the heap
   * @param lostReports reports of steps that found no room
   */
  record RankTimes(
      int rank,
      String host,
      String executor,
      long steps,
      Map<String, Double> seconds,
      long starved,
      long nativeMemory,
      long lostReports)
      implements Serializable {

    /** What it took itself: the others wait for the slowest. */
    public double ownSeconds() {
      return seconds.entrySet().stream()
          .filter(part -> !part.getKey().equals("wait"))
          .mapToDouble(Map.Entry::getValue)
          .sum();
    }
  }

  /**
   * The run was told to end, by SIGINT or SIGTERM.
   *
   * @param step the last step that was done, in the run, from 0; -1 if none was
   */
  record Stopped(long step) implements RunEvent {}
}
