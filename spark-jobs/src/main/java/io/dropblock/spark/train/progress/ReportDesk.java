package io.dropblock.spark.train.progress;

import io.dropblock.spark.cluster.LeavingExecutors;
import io.dropblock.spark.train.event.RunEvent;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.spark.SparkContext;
import org.apache.spark.api.plugin.DriverPlugin;
import org.apache.spark.api.plugin.PluginContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The driver's part of {@link TrainingPlugin}: hands reports to whoever waits for them. */
final class ReportDesk implements DriverPlugin {
  private static final Logger LOG = LoggerFactory.getLogger(ReportDesk.class);

  /** Of the application that runs in this process; null if there is none. */
  private static volatile ReportDesk current;

  private final TrainingGauges gauges = new TrainingGauges();
  private Duration interval;
  private SparkContext spark;

  /** How often executors send; empty where the application has no plugin. */
  static Optional<Duration> interval() {
    return Optional.ofNullable(current).map(desk -> desk.interval);
  }

  /** Told what happens in a run; empty where the application has no plugin. */
  static Optional<Consumer<RunEvent>> gauges() {
    return Optional.ofNullable(current).map(desk -> desk.gauges);
  }

  @Override
  public void registerMetrics(String application, PluginContext context) {
    gauges.register(context.metricRegistry());
  }

  @Override
  public Map<String, String> init(SparkContext spark, PluginContext context) {
    // executors of the application before may have said so behind its end
    LeavingExecutors.forget();
    interval = TrainingPlugin.interval(context.conf());
    this.spark = spark;
    current = this;
    return Map.of();
  }

  /**
   * Only {@link StopQuestion} has an answer: the name of one, as an executor whose jar came over
   * the network reads answers on threads that know Java's and Spark's classes only, and ends where
   * it cannot.
   */
  @Override
  public Object receive(Object message) {
    if (message instanceof ReportSlice slice) {
      ReportInbox.deliver(slice);
    } else if (message instanceof RankEvent told) {
      ReportInbox.deliver(told);
    } else if (message instanceof StopQuestion question) {
      return answer(question).name();
    } else if (message instanceof LeavingExecutor leaving) {
      LeavingExecutors.add(leaving.executor());
    } else {
      LOG.warn("Unknown message to the training: {}", message);
    }
    return null;
  }

  /** One that Spark decommissions, as Kubernetes' hook asks it to, is told to end, too. */
  private StopQuestion.Answer answer(StopQuestion question) {
    StopQuestion.Answer answer = ReportInbox.answer(question);
    if (answer == StopQuestion.Answer.GO_ON
        && spark.taskScheduler().getExecutorDecommissionState(question.executor()).isDefined()) {
      LeavingExecutors.add(question.executor());
      return StopQuestion.Answer.STOP;
    }
    return answer;
  }

  @Override
  public void shutdown() {
    LeavingExecutors.forget();
    if (current == this) {
      current = null;
    }
  }
}
