package io.dropblock.spark.cluster;

import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import java.util.function.Predicate;
import org.apache.spark.TaskFailedReason;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;
import org.apache.spark.scheduler.SparkListenerStageCompleted;
import org.apache.spark.scheduler.SparkListenerStageSubmitted;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.scheduler.SparkListenerTaskStart;

/**
 * Watches the tasks of a run's stages, each stage by itself as an evaluation may run beside the
 * training, and says who is to blame when one fails. What a stage got over is nobody's fault.
 */
final class RankWatch extends SparkListener {
  private final Map<Integer, StageTasks> stages = new TreeMap<>();

  /** Of this run, those that were judged included. */
  private final Set<Integer> own = new HashSet<>();

  private final Set<String> lost = new HashSet<>();

  /** The executors of tasks that have not ended, by the tasks' numbers. */
  private final Map<Long, String> running = new HashMap<>();

  private final Predicate<Properties> isOwn;
  private final IntConsumer cancel;

  /**
   * @param isOwn whether a job with some properties is one of the run
   * @param cancel ends a stage that Spark would try again in vain
   */
  RankWatch(Predicate<Properties> isOwn, IntConsumer cancel) {
    this.isOwn = isOwn;
    this.cancel = cancel;
  }

  /**
   * Who is to blame.
   *
   * @param hosts of the ranks that failed first; none where it is no host's fault
   * @param reason in one line
   * @param hung executors of ranks that do not answer and whose tasks do not end
   * @param always whether the data or the program failed, as they will again
   * @param ofOther whether nothing failed but executors that another run had ended
   */
  record Blame(
      Set<String> hosts, String reason, Set<String> hung, boolean always, boolean ofOther) {}

  @Override
  public synchronized void onStageSubmitted(SparkListenerStageSubmitted stage) {
    int id = stage.stageInfo().stageId();
    if (isOwn.test(stage.properties())) {
      own.add(id);
      stages.put(id, new StageTasks(lost));
    }
  }

  @Override
  public synchronized void onStageCompleted(SparkListenerStageCompleted stage) {
    int id = stage.stageInfo().stageId();
    if (stage.stageInfo().failureReason().isEmpty()) {
      stages.remove(id);
    } else if (stages.containsKey(id)) {
      stages.get(id).fail();
    }
    notifyAll();
  }

  @Override
  public synchronized void onExecutorRemoved(SparkListenerExecutorRemoved removed) {
    lost.add(removed.executorId());
    running.values().removeIf(removed.executorId()::equals);
    notifyAll();
  }

  @Override
  public synchronized void onTaskStart(SparkListenerTaskStart start) {
    if (own.contains(start.stageId())) {
      running.put(start.taskInfo().taskId(), start.taskInfo().executorId());
    }
    of(start.stageId()).ifPresent(stage -> stage.start(start.taskInfo()));
  }

  @Override
  public synchronized void onTaskEnd(SparkListenerTaskEnd end) {
    running.remove(end.taskInfo().taskId());
    of(end.stageId()).ifPresent(stage -> end(stage, end));
    notifyAll();
  }

  private void end(StageTasks stage, SparkListenerTaskEnd end) {
    if (!(end.reason() instanceof TaskFailedReason reason)) {
      stage.end(end.taskInfo());
    } else if (stage.end(end.taskInfo(), reason).cause() == RankFailure.Cause.PROGRAM) {
      cancel.accept(end.stageId());
    }
  }

  private Optional<StageTasks> of(int stage) {
    return Optional.ofNullable(stages.get(stage));
  }

  /**
   * Waits until all tasks have ended, or for some time, and judges; what follows is a new case. An
   * error that looks like the program's is given all of the time: a task of an executor that is
   * ending fails in any way.
   */
  synchronized Optional<Blame> settle(Duration time) {
    await(time, this::isClear);
    Optional<Blame> blame =
        suspects().stream()
            .flatMap(stage -> stage.blame().stream())
            // where a host failed, what goes wrong beside that may come of it
            .min(Comparator.comparing(Blame::always));
    stages.clear();
    return blame;
  }

  /**
   * Waits until all tasks have ended, or for some time.
   *
   * @return executors of tasks that have not
   */
  synchronized Set<String> awaitEnd(Duration time) {
    await(time, running::isEmpty);
    return Set.copyOf(running.values());
  }

  private synchronized void await(Duration time, BooleanSupplier done) {
    long end = System.nanoTime() + time.toNanos();
    try {
      for (long left = time.toMillis();
          left > 0 && !done.getAsBoolean();
          left = (end - System.nanoTime()) / 1_000_000) {
        wait(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ClusterException("Cannot wait for tasks to end: interrupted", e);
    }
  }

  private boolean isClear() {
    return !stages.isEmpty() && suspects().stream().allMatch(StageTasks::isClear);
  }

  /** The stages that Spark gave up; all, where it did not say so yet. */
  private Collection<StageTasks> suspects() {
    List<StageTasks> failed = stages.values().stream().filter(StageTasks::hasFailed).toList();
    return failed.isEmpty() ? stages.values() : failed;
  }
}
