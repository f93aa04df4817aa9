package io.dropblock.spark.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import io.dropblock.spark.StandaloneCluster;
import io.dropblock.spark.cluster.TaskSlots;
import io.dropblock.spark.preflight.finding.Finding;
import io.dropblock.spark.preflight.finding.FindingsTable;
import io.dropblock.spark.preflight.finding.Verdict;
import io.dropblock.spark.ring.PortRange;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two executors in JVMs of their own, on 127.0.0.1 and 127.0.0.2: a healthy cluster, and faults
 * that are really there. Runs after the jar is made.
 */
class ClusterCheckIT {
  /** Longer than a busy machine may need. */
  private static final Duration LONG = Duration.ofMinutes(2);

  private static final String BAD = "127.0.0.2";

  @TempDir private Path folder;
  private StandaloneCluster cluster;
  private StandaloneCluster.Worker worker;

  @BeforeEach
  void start() throws IOException, InterruptedException {
    cluster = StandaloneCluster.start(folder);
    URI master = URI.create(cluster.address());
    Awaitility.await()
        .atMost(LONG)
        .ignoreExceptions()
        .until(
            () -> {
              new Socket(master.getHost(), master.getPort()).close();
              return true;
            });
    cluster.worker("127.0.0.1", "600m");
    worker = cluster.worker(BAD, "600m");
  }

  @AfterEach
  void stop() {
    cluster.close();
  }

  private JavaSparkContext spark(Map<String, String> settings) {
    SparkConf conf =
        new SparkConf()
            .setMaster(cluster.address())
            .setAppName("check")
            .set("spark.driver.host", "127.0.0.1")
            .set("spark.driver.bindAddress", "127.0.0.1")
            .set("spark.ui.enabled", "false")
            .set("spark.cores.max", "2")
            .set("spark.executor.cores", "1")
            .set("spark.executor.memory", "512m")
            .set("spark.stage.maxConsecutiveAttempts", "1")
            .set("spark.executor.extraClassPath", System.getProperty("java.class.path"));
    settings.forEach(conf::set);
    return new JavaSparkContext(conf);
  }

  private ClusterCheck.Asked asked(PortRange ports) {
    return new ClusterCheck.Asked(
        Optional.empty(),
        Optional.empty(),
        Optional.of(new org.apache.hadoop.fs.Path(folder.resolve("run").toString())),
        Optional.empty(),
        Optional.empty(),
        ports,
        false);
  }

  private static Finding of(List<Finding> findings, String check) {
    return findings.stream().filter(it -> it.check().equals(check)).findFirst().orElseThrow();
  }

  @Test
  void aHealthyClusterHasNoFault() {
    try (JavaSparkContext spark = spark(Map.of())) {
      List<Finding> findings = new ClusterCheck(spark, LONG, asked(PortRange.any())).findings();
      assertThat(Finding.anyFault(findings)).as(() -> FindingsTable.of(findings)).isFalse();
      for (String check :
          List.of(Executors.NAME, Clocks.NAME, Connections.NAME, SharedRunFolder.NAME, "program")) {
        assertThat(of(findings, check).verdict()).as(check).isEqualTo(Verdict.OK);
      }
      assertThat(of(findings, Executors.NAME).seen())
          .isEqualTo("2 executors on 2 hosts, 2 task slots of 1 core");
      assertThat(of(findings, Connections.NAME).seen()).startsWith("2 connections, ");
    }
  }

  @Test
  void aPortThatIsTakenALocaleAndATimeZone() throws IOException {
    Map<String, String> settings =
        Map.of(
            "spark.executorEnv.LC_ALL",
            "C",
            "spark.executor.extraJavaOptions",
            "-Duser.timezone=Asia/Tokyo");
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName(BAD));
        JavaSparkContext spark = spark(settings)) {
      PortRange only = new PortRange(taken.getLocalPort(), taken.getLocalPort());
      List<Finding> findings = new ClusterCheck(spark, LONG, asked(only)).findings();
      Finding connections = of(findings, Connections.NAME);
      assertThat(connections.verdict()).isEqualTo(Verdict.FAULT);
      assertThat(connections.seen())
          .contains(" on 127.0.0.2) cannot listen on 127.0.0.2, " + only + ": none is free");
      Finding text = of(findings, TextEncoding.NAME);
      assertThat(text.verdict()).isEqualTo(Verdict.WARNING);
      assertThat(text.seen()).contains("ANSI_X3.4-1968");
      Finding zone = of(findings, "time zone");
      assertThat(zone.verdict()).isEqualTo(Verdict.WARNING);
      assertThat(zone.seen()).contains("Asia/Tokyo on executor ");
    }
  }

  @Disabled("red since 1 December: the executor that runs is told as silent, too; to be found out")
  @Test
  void anExecutorThatStandsStill() throws IOException, InterruptedException {
    try (JavaSparkContext spark = spark(Map.of())) {
      assertThat(TaskSlots.all(spark).await(2)).isEqualTo(2);
      long pid = worker.executors().findFirst().orElseThrow().pid();
      signal("STOP", pid);
      try {
        List<Finding> findings =
            new ClusterCheck(spark, Duration.ofSeconds(60), asked(PortRange.any())).findings();
        Finding executors = of(findings, Executors.NAME);
        assertThat(executors.verdict()).isEqualTo(Verdict.FAULT);
        assertThat(executors.seen())
            .matches("no answer from executor \\d+ on 127.0.0.2 within 60 s");
        assertThat(of(findings, Connections.NAME).verdict()).isEqualTo(Verdict.NOT_CHECKED);
        assertThat(of(findings, "program").seen()).as("of the other one").isNotEmpty();
      } finally {
        signal("CONT", pid);
      }
    }
  }

  @Test
  void executorsThatDoNotCome() {
    try (JavaSparkContext spark = spark(Map.of("spark.cores.max", "3"))) {
      List<Finding> findings =
          new ClusterCheck(spark, Duration.ofSeconds(45), asked(PortRange.any())).findings();
      Finding executors = of(findings, Executors.NAME);
      assertThat(executors.verdict()).isEqualTo(Verdict.FAULT);
      assertThat(executors.seen()).endsWith("but the settings ask for 3 task slots");
      assertThat(of(findings, Connections.NAME).verdict()).isEqualTo(Verdict.OK);
    }
  }

  private static void signal(String name, long pid) throws IOException, InterruptedException {
    Process kill = new ProcessBuilder("kill", "-" + name, String.valueOf(pid)).start();
    assertThat(kill.waitFor()).isZero();
  }
}
