package io.dropblock.spark.tune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;

/** What may be tried around a setting, and the settings that start it, by hand. */
class NeighboursTest {

  private static Bounds bounds(int hosts, ExecutorMemory memory, int executors, int leastBatch) {
    return new Bounds(
        hosts, memory, executors, false, true, leastBatch, Optional.empty(), Optional.empty());
  }

  private static final ExecutorMemory PLENTY = new ExecutorMemory(8192, 16384, 0);

  private static List<Shape> shapes(Neighbours found) {
    return found.settings().stream().map(Setting::shape).toList();
  }

  @Test
  void theCoresOfAHostAreCutOtherwise() {
    Setting now = new Setting(new Shape(4, 8, 8), 64, 16, 4);
    Neighbours found = Neighbours.of(Coordinate.EXECUTORS, now, bounds(2, PLENTY, 4, 1));
    // two hosts of 16 cores: 1, 4 and 8 executors on each in place of 2; 16 ranks find a slot each
    assertThat(shapes(found))
        .containsExactly(new Shape(2, 16, 16), new Shape(8, 4, 4), new Shape(16, 2, 2));
    assertThat(found.notTried()).isEmpty();
  }

  @Test
  void moreRanksThanSlotsAndTooLittleMemoryAreNotTried() {
    Setting now = new Setting(new Shape(2, 4, 4), 16, 2, 4);
    Neighbours found =
        Neighbours.of(
            Coordinate.EXECUTORS, now, bounds(1, new ExecutorMemory(1024, 1024, 0), 2, 1));
    assertThat(shapes(found)).containsExactly(new Shape(1, 8, 8));
    assertThat(found.notTried())
        .extracting(NotTried::what, NotTried::why)
        .containsExactly(
            tuple("4 executors of 2 cores", "4 ranks, and a step has 2 slots (train.slots)"),
            tuple("8 executors of 1 core", "8 ranks, and a step has 2 slots (train.slots)"));

    Setting many = new Setting(new Shape(2, 4, 4), 16, 64, 4);
    // (1024 + 1100 + 1024) * 2 / 4 - 512 - 1024 = 38 MiB for arrays
    assertThat(
            Neighbours.of(
                    Coordinate.EXECUTORS, many, bounds(1, new ExecutorMemory(1024, 1100, 0), 2, 1))
                .notTried()
                .get(0)
                .why())
        .isEqualTo("of as much memory each has 512 MiB of heap, 38 of arrays");
    // none at all is not the same as nobody says
    assertThat(bounds(1, new ExecutorMemory(1024, 1024, 0), 2, 1).isEnough(new Shape(4, 2, 2)))
        .isFalse();
    assertThat(bounds(1, new ExecutorMemory(1024, 0, 0), 2, 1).isEnough(new Shape(4, 2, 2)))
        .isTrue();
  }

  @Test
  void ranksShareAnExecutor() {
    Setting now = new Setting(new Shape(1, 6, 6), 16, 8, 4);
    assertThat(shapes(Neighbours.of(Coordinate.RANKS, now, bounds(1, PLENTY, 1, 1))))
        .as("six cores are no four equal parts")
        .containsExactly(new Shape(1, 6, 3));
    Setting two = now.with(new Shape(1, 8, 4));
    assertThat(shapes(Neighbours.of(Coordinate.RANKS, two, bounds(1, PLENTY, 1, 1))))
        .containsExactly(new Shape(1, 8, 8), new Shape(1, 8, 2));
  }

  @Test
  void aStepKeepsItsImages() {
    Setting now = new Setting(new Shape(4, 8, 8), 12, 8, 4);
    List<Setting> found =
        Neighbours.of(Coordinate.LOCAL_BATCH, now, bounds(2, PLENTY, 4, 1)).settings();
    // 96 images: 6 x 16, 24 x 4, 3 x 32; 48 x 2 leaves two ranks without a slot
    assertThat(found)
        .extracting(Setting::localBatch, Setting::slots)
        .containsExactly(tuple(6, 16), tuple(24, 4), tuple(3, 32));
    assertThat(Neighbours.of(Coordinate.LOCAL_BATCH, now, bounds(2, PLENTY, 4, 5)).settings())
        .extracting(Setting::localBatch)
        .containsExactly(6, 24);
    Setting odd = new Setting(new Shape(2, 1, 1), 7, 3, 4);
    assertThat(Neighbours.of(Coordinate.LOCAL_BATCH, odd, bounds(1, PLENTY, 2, 1)).notTried())
        .extracting(NotTried::why)
        .containsExactly(
            "the 21 images of a step, 3 x 7, cannot be cut in halves or doubled for 2 ranks");
  }

  @Test
  void otherExecutorsHaveAsMuchMemoryTogether() {
    // standalone's file: 2g, 4g, and 1 GiB of the process
    ExecutorMemory small = new ExecutorMemory(2048, 4096, 0);
    assertThat(small.shared(2, 1)).isEqualTo(new ExecutorMemory(4096, 9216, 0));
    assertThat(small.shared(2, 2)).isEqualTo(small);
    // YARN's: 4g, 8g, 9728m
    ExecutorMemory yarn = new ExecutorMemory(4096, 8192, 9728);
    assertThat(yarn.shared(2, 4)).isEqualTo(new ExecutorMemory(2048, 3328, 4864));
    assertThat(2 * (4096 + 9728)).isEqualTo(4 * (2048 + 4864));
    assertThat(yarn.shared(2, 1)).isEqualTo(new ExecutorMemory(8192, 17920, 19456));
  }

  @Test
  void eachClusterIsToldInItsOwnSettings() {
    SparkConf conf =
        new SparkConf(false)
            .set("spark.master", "local-cluster[2,2,2048]")
            .set("spark.executor.cores", "2")
            .set("spark.cores.max", "4")
            .set("spark.executor.memory", "2g")
            .set("spark.dropblock.nativeMemory", "4g")
            .set("spark.executorEnv.OMP_NUM_THREADS", "2")
            .set("spark.task.cpus", "2");
    ShapeSettings local = new ShapeSettings(conf);
    Shape one = new Shape(1, 4, 2);
    ExecutorMemory memory = ExecutorMemory.of(conf).shared(2, 1);
    SparkConf started = local.of(one, memory);
    assertThat(started.get("spark.master")).isEqualTo("local-cluster[1,4,4096]");
    assertThat(started.get("spark.executorEnv.OMP_NUM_THREADS")).isEqualTo("2");
    assertThat(started.get("spark.task.cpus")).isEqualTo("2");
    assertThat(started.get("spark.cores.max")).isEqualTo("4");
    assertThat(conf.get("spark.master")).isEqualTo("local-cluster[2,2,2048]");
    Map<String, String> told = local.told(one, memory);
    assertThat(local.words(told))
        .isEqualTo(
            "--conf spark.executor.instances=1 --conf spark.executor.cores=4 --conf"
                + " spark.task.cpus=2 --conf spark.executor.memory=4096m --conf"
                + " spark.dropblock.nativeMemory=9216m ");
    assertThat(local.lines(told))
        .as("submit.sh works the arrays out")
        .containsExactly(
            "spark.executor.instances 1",
            "spark.executor.cores 4",
            "spark.task.cpus 2",
            "spark.executor.memory 4096m");

    ShapeSettings standalone =
        new ShapeSettings(conf.clone().set("spark.master", "spark://a:7077"));
    assertThat(standalone.told(new Shape(8, 4, 4), memory))
        .containsEntry("spark.cores.max", "32")
        .doesNotContainKey("spark.executor.instances");
    assertThat(standalone.words(told)).startsWith("--cluster standalone --conf ");

    SparkConf pods =
        conf.clone()
            .set("spark.master", "k8s://https://a")
            .set("spark.kubernetes.executor.limit.cores", "2");
    assertThat(new ShapeSettings(pods).told(one, memory))
        .containsEntry("spark.kubernetes.executor.limit.cores", "4")
        .containsEntry("spark.executor.instances", "1");
    assertThat(new ShapeSettings(pods).kind()).isEqualTo("kubernetes");
  }
}
