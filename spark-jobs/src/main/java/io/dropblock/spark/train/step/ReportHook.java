package io.dropblock.spark.train.step;

import io.dropblock.nn.DropBlockSites;
import io.dropblock.nn.phase.Phase;
import io.dropblock.nn.phase.PhaseClock;
import io.dropblock.nn.phase.PhaseTimes;
import io.dropblock.spark.train.progress.EpochSums;
import io.dropblock.spark.train.progress.NativeMemory;
import io.dropblock.spark.train.progress.RankAttempt;
import io.dropblock.spark.train.progress.ReportOutbox;
import io.dropblock.spark.train.progress.SiteSums;
import io.dropblock.spark.train.progress.StepReport;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.TaskContext;
import org.apache.spark.util.TaskCompletionListener;
import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * Tells of each step that a rank has done, the last of its hooks: in a sum that comes with the
 * task's result, and in a report that is sent while the task runs, where the application has {@link
 * io.dropblock.spark.train.progress.TrainingPlugin}.
 */
final class ReportHook extends RankHook {
  private static final long serialVersionUID = 1L;

  private final EpochSums sums;

  /** Null where nobody waits for reports. */
  private final String job;

  private transient ComputationGraph network;
  private transient DropBlockSites sites;
  private transient RankAttempt rank;
  private transient Optional<ReportOutbox> outbox;

  /**
   * @param job whom reports are for, if there is somebody
   */
  ReportHook(EpochSums sums, Optional<String> job) {
    this.sums = sums;
    this.job = job.orElse(null);
  }

  @Override
  void after(StepBatch batch, ComputationGraph model) {
    attach(model);
    PhaseTimes times = PhaseClock.in(network).map(ReportHook::take).orElse(PhaseTimes.NONE);
    Map<String, SiteSums> kept = kept();
    StepReport report =
        new StepReport(
            rank,
            batch.step(),
            batch.size(),
            model.score(),
            kept.values().stream().mapToDouble(SiteSums::kept).average().orElse(1),
            times,
            batch.starved(),
            NativeMemory.bytes(),
            System.currentTimeMillis());
    sums.add(report, outbox.map(there -> there.tell(report)).orElse(true), kept);
  }

  private Map<String, SiteSums> kept() {
    Map<String, Double> expected = sites.expectedFractions();
    Map<String, SiteSums> kept = new LinkedHashMap<>();
    sites
        .keptFractions()
        .forEach((site, share) -> kept.put(site, new SiteSums(expected.get(site), share)));
    return kept;
  }

  /** What hooks did behind the update is part of it, but for checkpoints. */
  private static PhaseTimes take(PhaseClock clock) {
    clock.end(Phase.UPDATE);
    return clock.take();
  }

  /** A task has one graph, from its first step to its last. */
  private void attach(ComputationGraph model) {
    if (network != model) {
      network = model;
      sites = DropBlockSites.of(model);
      rank = RankAttempt.ofThisTask(job == null ? "" : job);
      outbox = job == null ? Optional.empty() : ReportOutbox.ofThisProcess();
      // before its result, so that the driver has them when the job is done
      TaskCompletionListener flush = context -> outbox.ifPresent(ReportOutbox::flush);
      TaskContext.get().addTaskCompletionListener(flush);
    }
  }
}
