package io.dropblock.nn;

import io.dropblock.op.BlockGeometry;
import io.dropblock.schedule.Schedule;
import java.io.Serializable;
import java.util.Locale;
import java.util.Objects;
import org.nd4j.linalg.schedule.ScheduleType;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * A site's own keep probability over DL4J's counters, for a plain {@code fit} that nobody
 * accompanies. Progress is {@code counter / total}; the first step or epoch has progress 0, and
 * after the last planned one the final value stays.
 *
 * @param text the schedule in its text form, which is what JSON holds
 * @param total number of planned iterations or epochs, at least 1
 * @param per which of DL4J's counters counts
 */
record KeepSchedule(
    @JsonProperty("text") String text,
    @JsonProperty("total") long total,
    @JsonProperty("per") ScheduleType per)
    implements Serializable {

  /**
   * @throws IllegalArgumentException if the schedule leaves [0, 1] or names epochs, or nothing is
   *     planned
   */
  @JsonCreator
  KeepSchedule {
    Objects.requireNonNull(per, "per");
    Schedule schedule = Schedule.parse(text);
    if (!(schedule.lowest() >= 0 && schedule.highest() <= 1)) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Invalid schedule of the keep probability: %s, must stay between 0 and 1",
              schedule));
    }
    if (schedule.lastEpoch().isPresent()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Invalid schedule of the keep probability: %s, must give shares in place of epochs",
              schedule));
    }
    if (total < 1) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Invalid length of the schedule %s: %d %ss",
              schedule,
              total,
              per.name().toLowerCase(Locale.ROOT)));
    }
  }

  static KeepSchedule of(Schedule schedule, long total, ScheduleType per) {
    return new KeepSchedule(schedule.toString(), total, per);
  }

  /** The running form: the text is read once. */
  Counted counted(long seed) {
    return new Counted(Schedule.parse(text), this, seed);
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT, "%s over %d %ss", text, total, per.name().toLowerCase(Locale.ROOT));
  }

  /**
   * A schedule at work.
   *
   * @param seed of the masks
   */
  record Counted(Schedule schedule, KeepSchedule plan, long seed) {

    /**
     * What holds at these counters of DL4J. Masks differ from iteration to iteration either way.
     * There is one rank, so its first sample is the first of all.
     */
    DropBlockStep at(int iteration, int epoch) {
      int counter = plan.per == ScheduleType.EPOCH ? epoch : iteration;
      double keepProbability = schedule.at((double) counter / plan.total);
      return new DropBlockStep(
          BlockGeometry.requireProbability(keepProbability), seed, iteration, 0);
    }
  }
}
