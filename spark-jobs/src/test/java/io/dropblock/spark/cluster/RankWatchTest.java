package io.dropblock.spark.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.dropblock.spark.ring.Blaming;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.spark.ExceptionFailure;
import org.apache.spark.ExecutorLostFailure;
import org.apache.spark.TaskEndReason;
import org.apache.spark.TaskKilled;
import org.apache.spark.executor.ExecutorMetrics;
import org.apache.spark.executor.TaskMetrics;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;
import org.apache.spark.scheduler.SparkListenerStageSubmitted;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.scheduler.SparkListenerTaskStart;
import org.apache.spark.scheduler.TaskInfo;
import org.apache.spark.scheduler.TaskLocality;
import org.junit.jupiter.api.Test;
import scala.Option;
import scala.collection.immutable.Nil$;
import scala.collection.immutable.Seq;

/** Who is to blame, from what Spark tells of tasks; each rank on a host of its own. */
class RankWatchTest {
  private static final Duration SHORT = Duration.ofMillis(50);

  private final List<Integer> cancelled = new ArrayList<>();
  private final RankWatch watch = new RankWatch(cancelled::add);

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

  private void start(int world) {
    watch.onStageSubmitted(new SparkListenerStageSubmitted(null, null));
    for (int rank = 0; rank < world; rank++) {
      watch.onTaskStart(new SparkListenerTaskStart(1, 0, task(rank)));
    }
  }

  private void end(int rank, TaskEndReason reason) {
    watch.onTaskEnd(
        new SparkListenerTaskEnd(
            1, 0, "task", reason, task(rank), new ExecutorMetrics(), new TaskMetrics()));
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
