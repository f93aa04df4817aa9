package io.dropblock.spark.preflight;

import io.dropblock.spark.cluster.TaskSlots;
import io.dropblock.spark.data.DataException;
import io.dropblock.spark.data.shard.DatasetManifest;
import io.dropblock.spark.gpu.GpuPlugin;
import io.dropblock.spark.preflight.finding.Finding;
import io.dropblock.spark.preflight.reach.ConnectionTask;
import io.dropblock.spark.preflight.reach.RankCalls;
import io.dropblock.spark.preflight.slot.ClockReading;
import io.dropblock.spark.preflight.slot.ClockTask;
import io.dropblock.spark.preflight.slot.DataRead;
import io.dropblock.spark.preflight.slot.DataTask;
import io.dropblock.spark.preflight.slot.ExecutorFacts;
import io.dropblock.spark.preflight.slot.FactsTask;
import io.dropblock.spark.preflight.slot.ProbeFolder;
import io.dropblock.spark.preflight.slot.ProgramBuild;
import io.dropblock.spark.preflight.slot.RunFolderTask;
import io.dropblock.spark.preflight.slot.SlotJob;
import io.dropblock.spark.preflight.slot.SlotTrouble;
import io.dropblock.spark.ring.PortRange;
import io.dropblock.spark.text.ForeseenException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TimeZone;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.SerializableConfiguration;

/**
 * What can only be seen with executors there: four or five jobs with a task a slot, each with an
 * end.
 *
 * @param spark the application
 * @param limit how long to wait for executors, and for each job
 * @param asked what is looked for
 */
public record ClusterCheck(JavaSparkContext spark, Duration limit, Asked asked) {
  private static final Duration READ = Duration.ofSeconds(2);
  private static final long READ_BYTES = 64L << 20;
  private static final int PARTS = 3;
  private static final String NO_DATA = "no --data given";
  private static final String NO_RUN = "no --run given";
  private static final String NO_RECIPE = "no RECIPE given";

  /**
   * What a training is to be. Whatever is empty was not given.
   *
   * @param need of a rank
   * @param ranks whether a number of task slots is enough
   * @param run the run folder
   * @param data the data set's folder
   * @param manifest of it, as the driver sees it
   * @param ports of the ring
   * @param gpus whether executors have GPUs
   */
  public record Asked(
      Optional<Need> need,
      Optional<IntFunction<Finding>> ranks,
      Optional<Path> run,
      Optional<Path> data,
      Optional<DatasetManifest> manifest,
      PortRange ports,
      boolean gpus) {}

  /** The names of all checks here, none of which was made. */
  public static List<Finding> notChecked(String reason) {
    return List.of(
            Executors.NAME,
            Ranks.NAME,
            HostMemory.NAME,
            Threads.NAME,
            "processors",
            "program",
            TextEncoding.NAME,
            "time zone",
            DiskSpace.LOCAL,
            Gpus.NAME,
            Clocks.NAME,
            Connections.NAME,
            SharedRunFolder.NAME,
            DataReads.NAME)
        .stream()
        .map(name -> Finding.notChecked(name, reason))
        .toList();
  }

  /** Looks at all of it. */
  public List<Finding> findings() {
    Map<String, Finding> found = new TreeMap<>();
    try {
      look(found);
    } catch (ForeseenException e) {
      Finding fault =
          GpuPlugin.refusal()
              .map(refusal -> Finding.fault(Gpus.NAME, refusal, "see docs/how-to/use-gpus.md"))
              .orElseGet(() -> Finding.fault(Executors.NAME, e));
      found.put(fault.check(), fault);
    }
    return notChecked("the executors are at fault").stream()
        .map(otherwise -> found.getOrDefault(otherwise.check(), otherwise))
        .toList();
  }

  private void look(Map<String, Finding> found) {
    TaskSlots all = TaskSlots.all(spark);
    int slots = all.awaitPromised(limit);
    if (slots == 0) {
      put(
          found,
          Finding.fault(
              Executors.NAME,
              String.format(Locale.ROOT, "none has come within %d s", limit.toSeconds()),
              "see the cluster's own pages and logs; one needs spark.executor.cores and"
                  + " spark.executor.memory of a host"));
      return;
    }
    Map<String, String> hosts = all.hosts();
    SlotJob job = new SlotJob(spark, slots, limit);
    List<ExecutorFacts> facts =
        job.run("executors", ExecutorFacts.class, new FactsTask(asked.gpus())).values();
    Executors executors = new Executors(all.promised(), slots, hosts, facts, limit.toSeconds());
    put(found, executors.finding());
    put(
        found,
        asked
            .ranks()
            .map(it -> it.apply(slots))
            .orElseGet(() -> Finding.notChecked(Ranks.NAME, NO_RECIPE)));
    if (!facts.isEmpty()) {
      ofFacts(facts).forEach(finding -> put(found, finding));
    }
    if (executors.silent().isEmpty()) {
      of(found, Clocks.NAME, () -> clocks(job));
      of(found, Connections.NAME, () -> connections(job));
      of(found, SharedRunFolder.NAME, () -> runFolder(job));
      of(found, DataReads.NAME, () -> data(job));
    }
  }

  private List<Finding> ofFacts(List<ExecutorFacts> facts) {
    List<Finding> findings = new ArrayList<>();
    findings.add(
        asked
            .need()
            .map(need -> HostMemory.of(facts, need))
            .orElseGet(() -> Finding.notChecked(HostMemory.NAME, NO_RECIPE)));
    findings.add(Threads.of(facts));
    findings.add(AllAlike.processors().of(facts));
    findings.add(AllAlike.program(FactsTask.java(), ProgramBuild.here()).of(facts));
    findings.add(TextEncoding.of(facts));
    findings.add(AllAlike.zones(TimeZone.getDefault().getID()).of(facts));
    findings.add(DiskSpace.local(facts));
    findings.add(
        asked.gpus()
            ? Gpus.of(facts)
            : Finding.notChecked(Gpus.NAME, "none were asked for (--gpu)"));
    return findings;
  }

  private Finding clocks(SlotJob job) {
    SlotJob.Answers<ClockTask.Seen> answers =
        job.run(Clocks.NAME, ClockTask.Seen.class, new ClockTask());
    return answers.ended()
        ? Clocks.of(
            answers.given().stream()
                .map(
                    answer ->
                        new ClockReading(
                            answer.value().executor(),
                            answers.begun(),
                            answer.value().millis(),
                            answer.arrived()))
                .toList())
        : late(Clocks.NAME);
  }

  private Finding connections(SlotJob job) {
    ConnectionTask task =
        new ConnectionTask(asked.ports(), UUID.randomUUID(), job.slots(), limit.dividedBy(PARTS));
    SlotJob.Answers<RankCalls> answers = job.run(Connections.NAME, RankCalls.class, task);
    return answers.ended()
        ? Connections.of(answers.values(), asked.need())
        : late(Connections.NAME);
  }

  private Finding runFolder(SlotJob job) {
    if (asked.run().isEmpty()) {
      return Finding.notChecked(SharedRunFolder.NAME, NO_RUN);
    }
    try (ProbeFolder probe = ProbeFolder.in(asked.run().get(), spark.hadoopConfiguration())) {
      probe.write();
      SlotJob.Answers<SlotTrouble> answers =
          job.run(
              SharedRunFolder.NAME,
              SlotTrouble.class,
              new RunFolderTask(probe.path().toString(), probe.token(), configuration()));
      return answers.ended() ? SharedRunFolder.of(answers.values()) : late(SharedRunFolder.NAME);
    } catch (IOException e) {
      return Finding.notChecked(SharedRunFolder.NAME, DataException.reason(e));
    }
  }

  private Finding data(SlotJob job) {
    if (asked.data().isEmpty() || asked.manifest().isEmpty()) {
      return Finding.notChecked(
          DataReads.NAME, asked.data().isEmpty() ? NO_DATA : "the driver cannot read it");
    }
    Duration time = READ.compareTo(limit.dividedBy(PARTS)) < 0 ? READ : limit.dividedBy(PARTS);
    DataTask task =
        new DataTask(
            asked.data().get().toString(),
            asked.manifest().get().identity(),
            job.slots(),
            time,
            READ_BYTES,
            configuration());
    SlotJob.Answers<DataRead> answers = job.run(DataReads.NAME, DataRead.class, task);
    return answers.ended() ? DataReads.of(answers.values()) : late(DataReads.NAME);
  }

  private SerializableConfiguration configuration() {
    return new SerializableConfiguration(spark.hadoopConfiguration());
  }

  private Finding late(String check) {
    return Finding.fault(
        check,
        String.format(Locale.ROOT, "not all executors are done within %d s", limit.toSeconds()),
        "see the stage in the Spark UI for which; --wait gives them longer");
  }

  private static void of(Map<String, Finding> found, String check, Supplier<Finding> work) {
    put(found, Finding.of(check, work));
  }

  private static void put(Map<String, Finding> found, Finding finding) {
    found.put(finding.check(), finding);
  }
}
