package io.dropblock.spark.train.progress;

import static org.assertj.core.api.Assertions.assertThat;

import io.dropblock.nn.phase.PhaseTimes;
import io.dropblock.spark.data.LocalSpark;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;

/** Executors inside this JVM, whose messages go through Spark as any. */
class TrainingPluginTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final int RANKS = 2;
  private static final int STEPS = 5;

  @Test
  void whatTasksTellArrivesWhereItIsFor() throws InterruptedException {
    try (JavaSparkContext spark = LocalSpark.start(RANKS)) {
      assertThat(TrainingPlugin.isOn()).isTrue();
      try (ReportInbox inbox = ReportInbox.open().orElseThrow();
          ReportInbox other = ReportInbox.open().orElseThrow()) {
        String job = inbox.job();
        tell(spark, job);
        List<StepReport> arrived = new ArrayList<>();
        while (arrived.size() < RANKS * STEPS) {
          arrived.add(inbox.take(PATIENCE));
        }
        for (int rank = 0; rank < RANKS; rank++) {
          int of = rank;
          assertThat(arrived.stream().filter(it -> it.by().rank() == of).map(StepReport::step))
              .containsExactly(0L, 1L, 2L, 3L, 4L);
        }
        assertThat(arrived).allMatch(it -> it.by().host().equals("localhost"));
        assertThat(arrived.stream().map(it -> it.by().task()).distinct()).hasSize(RANKS);
        assertThat(other.take(Duration.ZERO)).isNull();
      }
    }
    assertThat(TrainingPlugin.isOn()).isFalse();
    assertThat(ReportOutbox.ofThisProcess()).isEmpty();
  }

  private static void tell(JavaSparkContext spark, String job) {
    spark
        .parallelize(IntStream.range(0, RANKS).boxed().toList(), RANKS)
        .foreachPartition(
            ranks -> {
              RankAttempt rank = RankAttempt.ofThisTask(job);
              ReportOutbox outbox = ReportOutbox.ofThisProcess().orElseThrow();
              for (int step = 0; step < STEPS; step++) {
                outbox.tell(new StepReport(rank, step, 1, 1, 1, PhaseTimes.NONE, 0, 0, 0));
              }
              outbox.flush();
            });
  }

  @Test
  void whatComesForAClosedInboxIsDropped() throws InterruptedException {
    try (JavaSparkContext spark = LocalSpark.start(RANKS)) {
      ReportInbox inbox = ReportInbox.open().orElseThrow();
      inbox.close();
      tell(spark, inbox.job());
      try (ReportInbox next = ReportInbox.open().orElseThrow()) {
        tell(spark, next.job());
        assertThat(next.take(PATIENCE)).isNotNull();
      }
      assertThat(inbox.take(Duration.ZERO)).isNull();
    }
  }

  /** An executor's network threads know no class of a jar that travelled to it. */
  @Test
  void theDriverAnswersInJavasOwnClasses() {
    Object answer = new ReportDesk().receive(new StopQuestion("no such job", "0"));
    assertThat(answer).isEqualTo("OVER");
    assertThat(answer.getClass().getClassLoader()).isNull();
  }

  @Test
  void whatNobodyTakesIsCountedInTheEnd() {
    try (JavaSparkContext spark = LocalSpark.start(1)) {
      assertThat(spark.sc().isStopped()).isFalse();
      try (ReportInbox inbox = ReportInbox.open().orElseThrow()) {
        StepReport report = Reports.of(inbox.job(), 0, 0, 1, 1, 1);
        ReportSlice slice = new ReportSlice(Collections.nCopies(ReportInbox.ROOM, report));
        ReportInbox.deliver(slice);
        assertThat(inbox.dropped()).isZero();
        ReportInbox.deliver(new ReportSlice(List.of(report, report)));
        assertThat(inbox.dropped()).isEqualTo(2);
      }
    }
  }

  @Test
  void withoutThePluginNobodyListens() {
    try (JavaSparkContext spark = LocalSpark.start(1, Map.of(TrainingPlugin.SETTING, ""))) {
      assertThat(spark.sc().isStopped()).isFalse();
      assertThat(TrainingPlugin.isOn()).isFalse();
      assertThat(ReportInbox.open()).isEmpty();
    }
  }

  @Test
  void anIntervalThatCannotBeReadIsTheDefault() {
    SparkConf conf = new SparkConf(false);
    assertThat(TrainingPlugin.interval(conf)).isEqualTo(Duration.ofSeconds(1));
    assertThat(TrainingPlugin.interval(conf.set(TrainingPlugin.INTERVAL, "soon")))
        .isEqualTo(Duration.ofSeconds(1));
    assertThat(TrainingPlugin.interval(conf.set(TrainingPlugin.INTERVAL, "250ms")))
        .isEqualTo(Duration.ofMillis(250));
  }
}
