package io.dropblock.spark.train.step;

import io.dropblock.nn.phase.Phase;
import io.dropblock.nn.phase.PhaseClock;
import io.dropblock.spark.train.event.RunEvent;
import io.dropblock.spark.train.progress.RankEvent;
import io.dropblock.spark.train.progress.ReportOutbox;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.TaskContext;
import org.deeplearning4j.nn.graph.ComputationGraph;

/** Lets rank 0 of a ring do what is to be done behind a step. */
final class FirstRankHook extends RankHook {
  private static final long serialVersionUID = 1L;

  private final ArrayList<StepHook> hooks;

  /** Null where nobody listens. */
  private final String job;

  /**
   * @param job whom events are for, if there is somebody
   */
  FirstRankHook(List<StepHook> hooks, Optional<String> job) {
    this.hooks = new ArrayList<>(hooks);
    this.job = job.orElse(null);
  }

  @Override
  void after(StepBatch batch, ComputationGraph model) {
    if (TaskContext.getPartitionId() == 0 && !hooks.isEmpty()) {
      Optional<PhaseClock> clock = PhaseClock.in(model);
      clock.ifPresent(it -> it.end(Phase.UPDATE));
      long stepsDone = batch.step() + 1;
      hooks.forEach(hook -> hook.after(stepsDone, model).ifPresent(this::tell));
      clock.ifPresent(it -> it.end(Phase.CHECKPOINT));
    }
  }

  private void tell(RunEvent event) {
    if (job != null) {
      ReportOutbox.ofThisProcess().ifPresent(outbox -> outbox.tell(new RankEvent(job, event)));
    }
  }
}
