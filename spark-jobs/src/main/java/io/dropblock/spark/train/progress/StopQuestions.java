package io.dropblock.spark.train.progress;

import io.dropblock.spark.cluster.StopSignal;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.spark.api.plugin.PluginContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An executor's part of stopping at a step: it asks the driver once a second whether its ranks are
 * to end, on a thread of its own. Where it is told to end itself, by SIGTERM, its ranks end behind
 * their step, and it stays until the driver has what they made, ten seconds at most. Nothing here
 * throws.
 */
final class StopQuestions implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(StopQuestions.class);
  private static final Duration INTERVAL = Duration.ofSeconds(1);
  private static final Duration INTERVAL_AT_END = Duration.ofMillis(100);
  private static final Duration LAST_CHANCE = Duration.ofSeconds(10);
  private static final String DRIVER = "driver";

  private final PluginContext driver;
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(StopQuestions::daemon);

  /** Empty where executor and driver are one process, which the driver ends. */
  private final Optional<StopSignal> signal;

  private StopQuestions(PluginContext driver) {
    this.driver = driver;
    this.signal =
        driver.executorID().equals(DRIVER)
            ? Optional.empty()
            : Optional.of(StopSignal.first(this::leave));
  }

  /** Begins to ask. */
  static StopQuestions begin(PluginContext driver) {
    StopQuestions questions = new StopQuestions(driver);
    long millis = INTERVAL.toMillis();
    questions.clock.scheduleWithFixedDelay(questions::ask, millis, millis, TimeUnit.MILLISECONDS);
    return questions;
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "stop-questions");
    thread.setDaemon(true);
    return thread;
  }

  private void ask() {
    for (String job : RanksHere.jobs()) {
      try {
        StopQuestion question = new StopQuestion(job, driver.executorID());
        RanksHere.take(job, StopQuestion.Answer.valueOf((String) driver.ask(question)));
      } catch (Exception e) {
        LOG.debug("Cannot ask the driver", e);
      }
    }
  }

  private void leave() {
    RanksHere.leave();
    long end = System.nanoTime() + LAST_CHANCE.toNanos();
    try {
      driver.send(new LeavingExecutor(driver.executorID()));
      ask();
      while (!RanksHere.jobs().isEmpty() && System.nanoTime() < end) {
        Thread.sleep(INTERVAL_AT_END.toMillis());
        ask();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Exception e) {
      LOG.debug("Cannot tell the driver", e);
    }
  }

  @Override
  public void close() {
    clock.shutdownNow();
    signal.ifPresent(StopSignal::close);
  }
}
