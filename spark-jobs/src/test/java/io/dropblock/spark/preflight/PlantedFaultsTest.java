package io.dropblock.spark.preflight;

import static io.dropblock.spark.preflight.Facts.GIB;
import static org.assertj.core.api.Assertions.assertThat;

import io.dropblock.spark.preflight.finding.Finding;
import io.dropblock.spark.preflight.finding.Verdict;
import io.dropblock.spark.preflight.slot.ClockReading;
import io.dropblock.spark.preflight.slot.DataRead;
import io.dropblock.spark.preflight.slot.ExecutorFacts;
import io.dropblock.spark.preflight.slot.SlotTrouble;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;

/** Faults of executors that this machine cannot have, each told in one line with what to do. */
class PlantedFaultsTest {
  private static final long MINUTE = 60_000;
  private static final ExecutorFacts GOOD = Facts.of(0, "node0");

  /** 100 M parameters with a velocity, 6 GiB of activations, 100 MiB of batches. */
  private static final Need NEED =
      new Need(100_000_000, 200_000_000, 100_000_000, 6 * GIB / 4, 100L << 20, 3);

  private static void assertTold(Finding finding, Verdict verdict, String seen, String next) {
    assertThat(finding.seen()).contains(seen).doesNotContain("\n");
    assertThat(finding.next()).contains(next).doesNotContain("\n");
    assertThat(finding.verdict()).isEqualTo(verdict);
  }

  @Test
  void aClockOffByTenMinutes() {
    ClockReading right = new ClockReading("executor 0 on node0", 1000, 1040, 1100);
    ClockReading late = new ClockReading("executor 1 on node1", 1000, 1000 - 10 * MINUTE, 1100);
    ClockReading early = new ClockReading("executor 2 on node2", 1000, 1100 + 10 * MINUTE, 1100);
    assertTold(
        Clocks.of(List.of(right, late)),
        Verdict.FAULT,
        "the clock of executor 1 on node1 is 10 min behind the driver's, give or take 0.1 s",
        "run NTP or chrony");
    assertTold(
        Clocks.of(List.of(early, right)),
        Verdict.FAULT,
        "executor 2 on node2 is 10 min ahead of",
        "chrony");
    assertThat(Clocks.of(List.of(right)).verdict()).isEqualTo(Verdict.OK);
  }

  @Test
  void whatMayBeTheRoundTripIsNoFault() {
    assertThat(verdict(0, 5000, 5000 + 5000)).as("5 s are none").isEqualTo(Verdict.OK);
    assertThat(verdict(0, 5000, 5000 + 5001)).isEqualTo(Verdict.WARNING);
    assertThat(verdict(0, 5000, 5000 + MINUTE)).isEqualTo(Verdict.WARNING);
    assertThat(verdict(0, 5000, 5000 + MINUTE + 1)).isEqualTo(Verdict.FAULT);
    assertThat(verdict(0, 5000, -5000)).isEqualTo(Verdict.OK);
    assertThat(verdict(0, 5000, -5001)).isEqualTo(Verdict.WARNING);
    assertThat(verdict(0, 20 * MINUTE, 10 * MINUTE)).as("asked for long").isEqualTo(Verdict.OK);
  }

  private static Verdict verdict(long before, long after, long seen) {
    return Clocks.of(List.of(new ClockReading("it", before, seen, after))).verdict();
  }

  @Test
  void anotherBuildOnAHost() {
    ExecutorFacts old =
        Facts.of(1, "node1", 4, "x86 with AVX2", "build 0", "UTF-8", 64 * GIB, 100 * GIB, "", "");
    assertTold(
        AllAlike.program("17.0.9 of Eclipse", "build 1").of(List.of(GOOD, old)),
        Verdict.FAULT,
        "build 0, Java 17.0.9 of Eclipse on executor 1 on node1, but build 1",
        "the same jar");
    assertTold(
        AllAlike.program("17.0.8 of Eclipse", "build 1").of(List.of(GOOD)),
        Verdict.FAULT,
        "17.0.8 of Eclipse on the driver",
        "install the same Java");
    assertThat(AllAlike.program("17.0.9 of Eclipse", "build 1").of(List.of(GOOD)).verdict())
        .isEqualTo(Verdict.OK);
  }

  @Test
  void aSlowerProcessor() {
    ExecutorFacts slow =
        Facts.of(1, "node1", 4, "x86 without AVX2", "build 1", "UTF-8", 64 * GIB, 1L, "", "");
    assertTold(
        AllAlike.processors().of(List.of(GOOD, slow)),
        Verdict.WARNING,
        "x86 with AVX2 on executor 0 on node0, but x86 without AVX2 on executor 1 on node1",
        "the slowest one");
  }

  @Test
  void aLocaleOfAsciiOnly() {
    ExecutorFacts ascii =
        Facts.of(1, "node1", 4, "x86", "build 1", "ANSI_X3.4-1968", 64 * GIB, 1L, "", "");
    assertTold(
        TextEncoding.of(List.of(GOOD, ascii)),
        Verdict.WARNING,
        "executor 1 on node1 has ANSI_X3.4-1968",
        "LC_ALL=C.UTF-8");
    assertThat(TextEncoding.of(List.of(GOOD)).verdict()).isEqualTo(Verdict.OK);
  }

  @Test
  void moreThreadsThanProcessors() {
    assertTold(
        Threads.of(List.of(GOOD, Facts.of(1, "node0"), Facts.of(2, "node0"))),
        Verdict.WARNING,
        "3 tasks on node0 compute with 12 threads on 8 processors",
        "lower spark.executor.cores");
    assertThat(Threads.of(List.of(GOOD, Facts.of(1, "node0"), Facts.of(2, "node1"))).verdict())
        .isEqualTo(Verdict.OK);
  }

  @Test
  void tooLittleMemoryOnAHost() {
    ExecutorFacts small =
        Facts.of(1, "node1", 4, "x86", "build 1", "UTF-8", 4 * GIB, 100 * GIB, "", "");
    assertTold(
        HostMemory.of(List.of(GOOD, small), NEED),
        Verdict.FAULT,
        "1 rank on node1 may take",
        "fewer executors a host");
    ExecutorFacts tight =
        Facts.of(1, "node1", 4, "x86", "build 1", "UTF-8", 8 * GIB, 100 * GIB, "", "");
    assertThat(HostMemory.of(List.of(GOOD, tight), NEED).verdict()).isEqualTo(Verdict.WARNING);
    assertThat(HostMemory.of(List.of(GOOD), NEED).verdict()).isEqualTo(Verdict.OK);
  }

  @Test
  void aContainerWithoutRoomForArrays() {
    SparkConf conf =
        new SparkConf(false)
            .setMaster("yarn")
            .set("spark.executor.memory", "4g")
            .set("spark.executor.memoryOverhead", "2g");
    assertTold(
        new MemorySettings(conf, NEED).finding(),
        Verdict.FAULT,
        "outside of the heap spark.executor.memoryOverhead is 2,048 MiB, and 1 rank an executor"
            + " needs about 7,9",
        "raise spark.executor.memoryOverhead, or lower train.local_batch");
    // 4 (200 M + 100 M) + 6 GiB = 7,288 MiB, with batches and the rest 7,900
    assertThat(verdict(conf, "8g")).isEqualTo(Verdict.OK);
    assertThat(verdict(conf, "7g")).isEqualTo(Verdict.WARNING);
    assertThat(verdict(conf, "5202m")).as("0.7 x 7,288 + 100 MiB").isEqualTo(Verdict.WARNING);
    assertThat(verdict(conf, "5201m")).isEqualTo(Verdict.FAULT);
    conf.remove("spark.executor.memoryOverhead");
    assertTold(
        new MemorySettings(conf, NEED).finding(), Verdict.FAULT, "is 410 MiB", "memoryOverhead");
    conf.set("spark.executor.memoryOverhead", "8g").set("spark.executor.cores", "2");
    assertTold(
        new MemorySettings(conf, NEED).finding(), Verdict.FAULT, "2 ranks an executor need", "");
  }

  private static Verdict verdict(SparkConf conf, String overhead) {
    conf.set("spark.executor.memoryOverhead", overhead);
    return new MemorySettings(conf, NEED).finding().verdict();
  }

  @Test
  void batchesThatDirectBuffersHaveNoRoomFor() {
    SparkConf conf =
        new SparkConf(false).setMaster("spark://x:7077").set("spark.executor.memory", "99m");
    assertTold(
        new MemorySettings(conf, NEED).finding(),
        Verdict.FAULT,
        "batches read ahead take 100 MiB (1 rank an executor), and direct buffers may take 99 MiB",
        "raise spark.executor.memory");
    conf.set("spark.executor.extraJavaOptions", "-XX:MaxDirectMemorySize=100m -Da=b");
    assertThat(new MemorySettings(conf, NEED).finding().verdict()).isEqualTo(Verdict.OK);
    conf.set("spark.executor.extraJavaOptions", "-Dorg.bytedeco.javacpp.maxphysicalbytes=2g")
        .set("spark.executor.memory", "1g");
    assertTold(
        new MemorySettings(conf, NEED).finding(),
        Verdict.FAULT,
        "maxphysicalbytes leaves 1,024 MiB",
        "raise maxphysicalbytes");
    conf.set("spark.executor.extraJavaOptions", "-Dorg.bytedeco.javacpp.maxphysicalbytes=0");
    assertThat(new MemorySettings(conf, NEED).finding().verdict()).isEqualTo(Verdict.OK);
  }

  @Test
  void fullDisks() {
    ExecutorFacts full =
        Facts.of(1, "node1", 4, "x86", "build 1", "UTF-8", 64 * GIB, 7L << 20, "", "");
    assertTold(
        DiskSpace.local(List.of(GOOD, full)),
        Verdict.WARNING,
        "executor 1 on node1 has 7 MiB free in /spark",
        "spark.local.dir");
    // a checkpoint has 800 MB, and three, the best and an unfinished one may be there
    assertThat(DiskSpace.runs(4_000_000_000L, Optional.of(NEED)).verdict()).isEqualTo(Verdict.OK);
    assertThat(DiskSpace.runs(3_999_999_999L, Optional.of(NEED)).verdict())
        .isEqualTo(Verdict.WARNING);
    assertThat(DiskSpace.runs(1_600_000_000L, Optional.of(NEED)).verdict())
        .isEqualTo(Verdict.WARNING);
    assertTold(
        DiskSpace.runs(1_599_999_999L, Optional.of(NEED)),
        Verdict.FAULT,
        "1,526 MiB free, and a run's checkpoints take up to 3,815 MiB",
        "free space");
  }

  @Test
  void executorsThatHaveNotComeOrSayNothing() {
    Map<String, String> two = Map.of("0", "node0", "1", "node1");
    List<ExecutorFacts> both = List.of(GOOD, Facts.of(1, "node1"));
    assertTold(
        new Executors(OptionalInt.of(4), 2, two, both, 8).finding(),
        Verdict.FAULT,
        "2 executors on 2 hosts, 2 task slots of 4 cores, but the settings ask for 4 task slots",
        "cluster's own pages");
    assertTold(
        new Executors(OptionalInt.of(2), 2, two, List.of(GOOD), 8).finding(),
        Verdict.FAULT,
        "no answer from executor 1 on node1 within 8 s",
        "look at that host");
    assertThat(new Executors(OptionalInt.empty(), 2, two, both, 8).finding().verdict())
        .isEqualTo(Verdict.OK);
  }

  @Test
  void fewerTaskSlotsThanRanks() {
    assertTold(
        new Ranks(4, 0, 2, 0).finding(),
        Verdict.FAULT,
        "the recipe needs 4 ranks, and there are 2 task slots",
        "start more executors");
    assertTold(
        new Ranks(1, 2, 3, 2).finding(),
        Verdict.WARNING,
        "2 ranks on 3 task slots",
        "1 task slot will be idle");
    assertThat(new Ranks(2, 2, 2, 0).finding().verdict()).isEqualTo(Verdict.OK);
  }

  @Test
  void aGpuThatIsNone() {
    ExecutorFacts none =
        Facts.of(1, "node1", 4, "x86", "b", "UTF-8", 1, 1, "", "Cannot train on GPU 0 of node1: x");
    ExecutorFacts some = Facts.of(0, "node0", 4, "x86", "b", "UTF-8", 1, 1, "GPU 0: A100", "");
    assertTold(
        Gpus.of(List.of(some, none)),
        Verdict.FAULT,
        "Cannot train on GPU 0 of node1: x",
        "use-gpus.md");
    assertTold(Gpus.of(List.of(some)), Verdict.OK, "executor 0 on node0, GPU 0: A100", "");
  }

  @Test
  void aHostThatDoesNotSeeTheRunFolderOrTheData() {
    assertTold(
        SharedRunFolder.of(
            List.of(
                new SlotTrouble("executor 0 on node0", ""),
                new SlotTrouble("executor 1 on node1", "File does not exist: x"))),
        Verdict.WARNING,
        "executor 1 on node1: File does not exist: x",
        "all hosts mount");
    DataRead read = new DataRead("executor 0 on node0", "", 100, 10 << 20, 1_000_000_000);
    assertTold(
        DataReads.of(List.of(read, DataRead.failed("executor 1 on node1", "no manifest.json"))),
        Verdict.FAULT,
        "executor 1 on node1: no manifest.json",
        "where all hosts see the same");
    DataRead slow = new DataRead("executor 1 on node1", "", 100, 10 << 20, 5_000_000_000L);
    assertTold(
        DataReads.of(List.of(read, slow, read)),
        Verdict.WARNING,
        "executor 1 on node1 reads 2.1 MB/s, and half of the others 10 MB/s or more",
        "slowest");
    assertTold(DataReads.of(List.of(read)), Verdict.OK, "10 MB/s, 100 images/s", "");
  }

  @Test
  void faultsOfManyAreOneLine() {
    List<ClockReading> three =
        List.of(
            new ClockReading("a", 0, 9 * MINUTE, 0),
            new ClockReading("b", 0, 99 * MINUTE, 0),
            new ClockReading("c", 0, 10_000, 0));
    assertTold(Clocks.of(three), Verdict.FAULT, "the clock of b is 99 min ahead", "");
    assertThat(Clocks.of(three).seen()).endsWith("; and 2 more executors");
  }
}
