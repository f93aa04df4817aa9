package io.dropblock.spark.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.dropblock.spark.StandaloneCluster;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;
import org.apache.spark.SparkException;
import org.apache.spark.api.java.JavaSparkContext;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import scala.collection.Iterator;
import scala.reflect.ClassTag$;
import scala.runtime.AbstractFunction1;

/**
 * A standalone cluster of three hosts, 127.0.0.1 to 127.0.0.3, of which one is bad; two ranks. Runs
 * after the jar is made.
 */
class BadHostIT {
  private static final String BAD = "127.0.0.2";
  private static final int WORLD = 2;

  @TempDir private Path folder;
  private StandaloneCluster cluster;

  @AfterEach
  void stop() {
    cluster.close();
  }

  @Test
  void aHostThatFailsTooOftenIsLeftOut() throws IOException, InterruptedException {
    cluster = StandaloneCluster.start(folder);
    for (int host = 1; host <= 3; host++) {
      cluster.worker("127.0.0." + host, "600m");
    }
    SparkConf conf =
        new SparkConf()
            .setMaster(cluster.address())
            .setAppName("bad host")
            .set("spark.driver.host", "127.0.0.1")
            .set("spark.driver.bindAddress", "127.0.0.1")
            .set("spark.ui.enabled", "false")
            .set("spark.executor.memory", "512m")
            .set("spark.stage.maxConsecutiveAttempts", "1")
            .set("spark.executor.extraClassPath", System.getProperty("java.class.path"));
    try (JavaSparkContext spark = new JavaSparkContext(conf);
        RunJobs jobs = RunJobs.begin(spark, Optional.empty());
        Recovery recovery =
            new Recovery(
                TaskSlots.all(spark),
                jobs,
                RankLimits.fixed(WORLD),
                new RecoverySettings(9, 2, Duration.ofMinutes(1), Duration.ofMinutes(1)))) {
      TaskSlots.all(spark).await(3);
      Recovery.Failure failure = new Recovery.Failure("", Set.of(), false, false);
      for (int failures = 0; failures < 2; ) {
        Exception thrown = job(spark);
        if (thrown != null) {
          failures++;
          assertThat(recovery.isOfCluster(thrown)).isTrue();
          failure = recovery.look(thrown);
          assertThat(failure.reason())
              .matches("rank [01] on 127.0.0.2: UncheckedIOException: a bad host");
          recovery.await();
        }
      }
      assertThat(failure.leftOut()).containsExactly(BAD);
      Awaitility.await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> Executor.all(spark).stream().noneMatch(one -> one.host().equals(BAD)));
      for (int i = 0; i < 5; i++) {
        assertThat(job(spark)).isNull();
      }
      assertThat(Executor.all(spark)).hasSize(2);
    }
  }

  /** A barrier job that fails where a rank is on the bad host, and what it threw. */
  private static Exception job(JavaSparkContext spark) {
    try {
      spark
          .parallelize(IntStream.range(0, WORLD).boxed().toList(), WORLD)
          .rdd()
          .barrier()
          .mapPartitions(new Rank(), false, ClassTag$.MODULE$.<Integer>apply(Integer.class))
          .toJavaRDD()
          .collect();
      return null;
    } catch (Exception e) {
      assertThat(e).isInstanceOf(SparkException.class);
      return e;
    }
  }

  /** What a rank does. */
  private static final class Rank extends AbstractFunction1<Iterator<Integer>, Iterator<Integer>>
      implements Serializable {
    private static final long serialVersionUID = 1L;

    @Override
    public Iterator<Integer> apply(Iterator<Integer> of) {
      if (SparkEnv.get().blockManager().blockManagerId().host().equals(BAD)) {
        try {
          Files.readString(Path.of("/nowhere"));
        } catch (IOException e) {
          throw new UncheckedIOException("a bad host", e);
        }
      }
      return of;
    }
  }
}
