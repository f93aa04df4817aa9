package io.dropblock.spark.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.dropblock.spark.ring.Blaming;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Properties;
import org.apache.spark.ExceptionFailure;
import org.apache.spark.ExecutorLostFailure;
import org.apache.spark.Success$;
import org.apache.spark.TaskEndReason;
import org.apache.spark.TaskKilled;
import org.apache.spark.executor.ExecutorMetrics;
import org.apache.spark.executor.TaskMetrics;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;
import org.apache.spark.scheduler.SparkListenerStageCompleted;
import org.apache.spark.scheduler.SparkListenerStageSubmitted;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.scheduler.SparkListenerTaskStart;
import org.apache.spark.scheduler.StageInfo;
import org.apache.spark.scheduler.TaskInfo;
import org.apache.spark.scheduler.TaskLocality;
import org.junit.jupiter.api.Test;
import scala.Option;
import scala.collection.immutable.Nil$;
import scala.collection.immutable.Seq;

/** Who is to blame, from what Spark tells of tasks; each rank on a host of its own. */
class RankWatchTest {
  private static final Duration SHORT = Duration.ofMillis(50);
  private static final int TRAINING = 1;
  private static final int BESIDE = 2;

  private final List<Integer> cancelled = new ArrayList<>();
  private final RankWatch watch = new RankWatch(job -> job == null, cancelled::add);

  @Test
  void whoFailsOfItselfIsToBlame() {
    start(3);
    end(0, ring(1));
    end(1, thrown(new OutOfMemoryError("out of luck\nsecond line")));
    end(2, killed());
    RankWatch.Blame blame = watch.settle(SHORT).orElseThrow();
    assertThat(blame.hosts()).containsExactly("host1");
    assertThat(blame.reason()).isEqualTo("rank 1 on host1: OutOfMemoryError: out of luck");
    assertThat(blame.hung()).isEmpty();
    assertThat(blame.always()).isFalse();
    assertThat(cancelled).isEmpty();
  }

  /**
   * Of three ranks the last hangs; who saw it was told to stop, by the first one's failure, before
   * it could say so.
   */
  @Test
  void whoDoesNotEndHoldsItsSlot() {
    start(3);
    end(0, ring(1));
    end(1, killed());
    assertThat(watch.settle(SHORT).orElseThrow().hung()).isEmpty();
    assertThat(watch.awaitEnd(SHORT)).containsExactly("exec2");
    watch.onExecutorRemoved(new SparkListenerExecutorRemoved(2, "exec2", "killed"));
    assertThat(watch.awaitEnd(SHORT)).isEmpty();
    start(1);
    assertThat(watch.awaitEnd(SHORT)).containsExactly("exec0");
    end(0, Success$.MODULE$);
    assertThat(watch.awaitEnd(Duration.ofDays(1))).isEmpty();
  }

  @Test
  void noHostIsToBlameForTheProgram() {
    start(3);
    end(0, ring(1));
    end(1, thrown(new IllegalStateException("Cannot count to three")));
    end(2, thrown(new NoSuchElementException("2")));
    RankWatch.Blame blame = watch.settle(SHORT).orElseThrow();
    assertThat(blame.hosts()).isEmpty();
    assertThat(blame.reason()).isEqualTo("rank 1 on host1: Cannot count to three");
    assertThat(blame.always()).isTrue();
    assertThat(cancelled).as("Spark's own next attempt").contains(1);
  }

  /** A task of an executor that is shut down fails in any way, before the driver knows why. */
  @Test
  void anExecutorThatIsLostBehindItsTaskIsToBlame() {
    start(2);
    end(0, ring(1));
    end(1, thrown(new NullPointerException()));
    watch.onExecutorRemoved(new SparkListenerExecutorRemoved(2, "exec1", "decommissioned"));
    RankWatch.Blame blame = watch.settle(SHORT).orElseThrow();
    assertThat(blame.hosts()).containsExactly("host1");
    assertThat(blame.always()).isFalse();
  }

  @Test
  void whatGoesWrongBesideAHostMayComeOfIt() {
    start(2);
    end(0, thrown(new IllegalStateException("Cannot do without the other one")));
    end(1, new ExecutorLostFailure("exec1", true, Option.apply("gone")));
    RankWatch.Blame blame = watch.settle(SHORT).orElseThrow();
    assertThat(blame.always()).isFalse();
    assertThat(blame.reason()).isEqualTo("rank 1 on host1: its executor was lost: gone");
  }

  @Test
  void whoWasLostIsToBlame() {
    start(2);
    end(0, ring(1));
    end(1, new ExecutorLostFailure("exec1", true, Option.apply("Remote RPC client gone")));
    RankWatch.Blame blame = watch.settle(SHORT).orElseThrow();
    assertThat(blame.hosts()).containsExactly("host1");
    assertThat(blame.reason())
        .isEqualTo("rank 1 on host1: its executor was lost: Remote RPC client gone");
  }

  @Test
  void whoIsBlamedAndBlamesNobodyHangs() {
    start(4);
    end(0, ring(3));
    end(3, ring(2));
    end(2, ring(1));
    RankWatch.Blame blame = watch.settle(SHORT).orElseThrow();
    assertThat(blame.hosts()).containsExactly("host1");
    assertThat(blame.hung()).containsExactly("exec1");
    assertThat(blame.reason()).startsWith("rank 2 on host2: ").contains("rank 1");
  }

  @Test
  void whoWasToldToStopIsNotToBlame() {
    start(1);
    end(0, killed());
    assertThat(watch.settle(SHORT)).isEmpty();
  }

  @Test
  void aNewStageIsANewCase() {
    start(2);
    end(1, thrown(new IllegalStateException("before")));
    start(2);
    assertThat(watch.settle(SHORT)).isEmpty();
  }

  @Test
  void whatWasJudgedIsANewCaseToo() {
    start(2);
    end(1, thrown(new OutOfMemoryError("before")));
    assertThat(watch.settle(SHORT)).isPresent();
    assertThat(watch.settle(SHORT)).isEmpty();
  }

  /** Its first task runs where the training's rank 3 does not. */
  @Test
  void anEvaluationThatBeginsBesideChangesNothing() {
    start(4);
    end(0, ring(3));
    end(3, ring(2));
    start(BESIDE, 1);
    end(2, ring(1));
    end(BESIDE, 0, Success$.MODULE$);
    complete(BESIDE, null);
    complete(TRAINING, "given up");
    RankWatch.Blame blame = watch.settle(SHORT).orElseThrow();
    assertThat(blame.hosts()).containsExactly("host1");
    assertThat(blame.hung()).containsExactly("exec1");
  }

  /** Spark tried its task again, and it was done. */
  @Test
  void whatAnEvaluationGotOverIsNobodysFault() {
    start(2);
    start(BESIDE, 1);
    end(BESIDE, 0, new ExecutorLostFailure("exec0", true, Option.apply("gone")));
    end(0, ring(1));
    end(1, ring(0));
    complete(BESIDE, null);
    complete(TRAINING, "given up");
    assertThat(watch.settle(SHORT).orElseThrow().reason())
        .startsWith("rank 0 on host0: Cannot average");
  }

  /** Nor where it is not known yet which stage was given up. */
  @Test
  void norIsItWhenTheTrainingWasToldToStop() {
    start(BESIDE, 1);
    end(BESIDE, 0, new ExecutorLostFailure("exec0", true, Option.apply("gone")));
    complete(BESIDE, null);
    start(1);
    end(0, killed());
    assertThat(watch.settle(SHORT)).isEmpty();
  }

  /** The training is done, or goes on. */
  @Test
  void anEvaluationThatIsGivenUpHasItsOwnToBlame() {
    start(BESIDE, 2);
    start(2);
    end(BESIDE, 1, thrown(new IllegalStateException("Cannot count to three")));
    complete(BESIDE, "given up");
    assertThat(cancelled).as("and not the training").containsExactly(BESIDE);
    RankWatch.Blame blame = watch.settle(SHORT).orElseThrow();
    assertThat(blame.reason()).isEqualTo("rank 1 on host1: Cannot count to three");
    assertThat(blame.always()).isTrue();
  }

  /** Of which no task is waited for, either. */
  @Test
  void anotherRunHasItsOwnToBlame() {
    start(2);
    startOther(1);
    end(BESIDE, 0, thrown(new IllegalStateException("Cannot count to three")));
    complete(BESIDE, "given up");
    assertThat(cancelled).isEmpty();
    end(0, ring(1));
    end(1, ring(0));
    complete(TRAINING, "given up");
    startOther(1);
    assertThat(watch.awaitEnd(Duration.ofDays(1))).isEmpty();
    assertThat(watch.settle(SHORT).orElseThrow().reason())
        .startsWith("rank 0 on host0: Cannot average");
  }

  /** Its rank there did not answer; this run's rank went with it. */
  @Test
  void anExecutorThatAnotherRunEndedIsNoFailureOfItsHost() {
    LeavingExecutors.end("exec1");
    try {
      start(2);
      end(0, ring(1));
      end(1, new ExecutorLostFailure("exec1", true, Option.apply("killed")));
      RankWatch.Blame lost = watch.settle(SHORT).orElseThrow();
      assertThat(lost.ofOther()).isTrue();
      assertThat(lost.hosts()).isEmpty();
      assertThat(lost.reason())
          .isEqualTo(
              "rank 1 on host1: its executor was lost: killed (it was ended because of another"
                  + " run)");
      start(2);
      end(0, ring(1));
      RankWatch.Blame silent = watch.settle(SHORT).orElseThrow();
      assertThat(silent.ofOther()).as("before Spark knows").isTrue();
      assertThat(silent.hosts()).isEmpty();
      start(3);
      end(1, new ExecutorLostFailure("exec1", true, Option.apply("killed")));
      end(2, new ExecutorLostFailure("exec2", true, Option.apply("gone")));
      end(0, killed());
      RankWatch.Blame both = watch.settle(SHORT).orElseThrow();
      assertThat(both.ofOther()).isFalse();
      assertThat(both.hosts()).containsExactly("host2");
      assertThat(both.reason()).startsWith("rank 2 on host2: ");
    } finally {
      LeavingExecutors.forget();
    }
  }

  private void startOther(int tasks) {
    watch.onStageSubmitted(new SparkListenerStageSubmitted(info(BESIDE), new Properties()));
    started(BESIDE, tasks);
  }

  private void start(int world) {
    start(TRAINING, world);
  }

  private void start(int stage, int tasks) {
    watch.onStageSubmitted(new SparkListenerStageSubmitted(info(stage), null));
    started(stage, tasks);
  }

  private void started(int stage, int tasks) {
    for (int rank = 0; rank < tasks; rank++) {
      watch.onTaskStart(new SparkListenerTaskStart(stage, 0, task(rank)));
    }
  }

  private void end(int rank, TaskEndReason reason) {
    end(TRAINING, rank, reason);
  }

  private void end(int stage, int rank, TaskEndReason reason) {
    watch.onTaskEnd(
        new SparkListenerTaskEnd(
            stage, 0, "task", reason, task(rank), new ExecutorMetrics(), new TaskMetrics()));
  }

  /**
   * @param failure null where it is done
   */
  private void complete(int stage, String failure) {
    StageInfo info = info(stage);
    info.failureReason_$eq(Option.apply(failure));
    watch.onStageCompleted(new SparkListenerStageCompleted(info));
  }

  private static StageInfo info(int stage) {
    return new StageInfo(
        stage,
        0,
        "",
        1,
        none(),
        none(),
        "",
        new TaskMetrics(),
        none(),
        Option.empty(),
        0,
        false,
        0);
  }

  private static TaskInfo task(int rank) {
    return new TaskInfo(
        rank, rank, 0, rank, 0, "exec" + rank, "host" + rank, TaskLocality.ANY(), false);
  }

  private static TaskEndReason killed() {
    return new TaskKilled("another one failed", none(), none(), none());
  }

  private static TaskEndReason ring(int suspect) {
    return thrown(Blaming.rank(suspect));
  }

  private static TaskEndReason thrown(Throwable error) {
    return new ExceptionFailure(error, none());
  }

  @SuppressWarnings("unchecked")
  private static <T> Seq<T> none() {
    return (Seq<T>) Nil$.MODULE$;
  }
}
