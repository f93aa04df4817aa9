package io.dropblock.spark.train.step;

import io.dropblock.spark.train.event.RunEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.spark.scheduler.AccumulableInfo;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorMetricsUpdate;
import scala.Tuple4;
import scala.collection.JavaConverters;
import scala.collection.Seq;

/**
 * Tells of the steps that all ranks have trained while their tasks still run: executors send what
 * their tasks have reported with each heartbeat, {@code spark.executor.heartbeatInterval}.
 */
final class StepProgress extends SparkListener {
  private final EpochPlan plan;
  private final RankFeed feed;
  private final long reports;
  private final Consumer<RunEvent> events;
  private final Map<Long, List<StepReport>> ofTasks = new HashMap<>();

  private final long lastStep;

  private int attempt;
  private long nextStep;
  private boolean ended;
  private long since = System.nanoTime();

  /**
   * @param reports the accumulator that ranks report to
   * @param first the first step within the epoch
   * @param end the step behind the last one, which is not told of: it is when the job is done
   * @param events told on a thread of Spark's
   */
  StepProgress(
      EpochPlan plan, RankFeed feed, long reports, int first, int end, Consumer<RunEvent> events) {
    this.plan = plan;
    this.feed = feed;
    this.reports = reports;
    this.events = events;
    this.nextStep = plan.firstStep() + first;
    this.lastStep = plan.firstStep() + end - 1;
  }

  /** Tells nothing more: what comes then tells of all steps. */
  synchronized void end() {
    ended = true;
  }

  @Override
  public synchronized void onExecutorMetricsUpdate(SparkListenerExecutorMetricsUpdate update) {
    if (ended) {
      return;
    }
    for (Tuple4<Object, Object, Object, Seq<AccumulableInfo>> task :
        JavaConverters.seqAsJavaList(update.accumUpdates())) {
      for (AccumulableInfo found : JavaConverters.seqAsJavaList(task._4())) {
        if (found.id() == reports && found.update().isDefined()) {
          keep((Long) task._1(), (Integer) task._3(), stepReports(found.update().get()));
        }
      }
    }
    tell();
  }

  /** What ranks of an attempt that failed have told does not count for the next one. */
  private void keep(long task, int ofAttempt, List<StepReport> found) {
    if (ofAttempt > attempt) {
      attempt = ofAttempt;
      ofTasks.clear();
    }
    if (ofAttempt == attempt) {
      ofTasks.put(task, found);
    }
  }

  private static List<StepReport> stepReports(Object value) {
    return ((List<?>) value).stream().map(StepReport.class::cast).toList();
  }

  private void tell() {
    List<StepReport> done = new ArrayList<>();
    long next = nextStep;
    for (List<StepReport> ofStep = of(next);
        next < lastStep && ofStep.size() >= feed.world();
        ofStep = of(next)) {
      done.addAll(ofStep);
      next++;
    }
    if (done.isEmpty()) {
      return;
    }
    long now = System.nanoTime();
    double images = (double) (next - nextStep) * feed.globalBatch();
    events.accept(
        new RunEvent.Steps(
            plan.epoch(),
            next - 1,
            EpochRunner.loss(done),
            images / ((now - since) / 1e9),
            plan.keepProbability(next - 1),
            EpochRunner.keptFraction(done),
            plan.learningRate(next - 1)));
    nextStep = next;
    since = now;
  }

  private List<StepReport> of(long step) {
    return ofTasks.values().stream()
        .flatMap(List::stream)
        .filter(report -> report.step() == step)
        .toList();
  }
}
