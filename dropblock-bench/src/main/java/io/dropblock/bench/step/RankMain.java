package io.dropblock.bench.step;

import io.dropblock.bench.figure.MeasurementException;
import io.dropblock.bench.process.Child;
import io.dropblock.bench.process.Parent;
import io.dropblock.bench.process.ProcessMemory;
import io.dropblock.bench.step.workload.Workload;
import io.dropblock.cpu.ComputeThreads;
import io.dropblock.onednn.OneDnn;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * The process of a rank: one network, its steps, and a report. It says {@link #READY} after its
 * warm-up, is told {@link #GO}, says {@link #MEASURED} and goes on with its steps, so that no rank
 * is measured beside an idle one, until it is told {@link #STOP}; then it hands in its report.
 */
public final class RankMain {
  static final String READY = "ready";
  static final String GO = "go";
  static final String MEASURED = "measured";
  static final String STOP = "stop";

  private static final int HEAP_MIB = 1024;

  private final StepJob job;
  private final Parent parent;

  private RankMain(StepJob job, Parent parent) {
    this.job = job;
    this.parent = parent;
  }

  /** Starts the process of a job. */
  static Child start(StepJob job) {
    List<String> options =
        Stream.concat(
                Stream.of(
                    // The resident size then shrinks with the garbage on the heap
                    "-XX:+UseG1GC",
                    String.format(Locale.ROOT, "-Xmx%dm", HEAP_MIB + job.workload().batchesMib()),
                    "-XX:ActiveProcessorCount=" + job.threads(),
                    "-Dorg.eclipse.deeplearning4j.helpers.disable=" + !job.workload().helpers()),
                Child.NATIVE_MEMORY.stream())
            .toList();
    return Child.start(RankMain.class, job, options, Child.threads(job.threads()));
  }

  /**
   * Measures a job.
   *
   * @param arguments the job
   */
  public static void main(String[] arguments) {
    Parent.serve(arguments, StepJob.class, (job, parent) -> new RankMain(job, parent).run());
  }

  private void run() throws InterruptedException {
    ComputeThreads.set(job.threads());
    boolean helpers = job.workload().helpers();
    if (OneDnn.state().on() != helpers) {
      throw new MeasurementException(
          "DL4J's oneDNN helpers are " + (helpers ? "not available" : "on"));
    }
    Workload workload = Workload.of(job.workload());
    StepPace pace = job.pace();
    repeat(workload, pace.warmUpSteps(), pace.warmUpSeconds());
    double before = ProcessMemory.resident();
    parent.say(READY);
    parent.hear();
    List<Repetition> repetitions = new ArrayList<>();
    for (int repetition = 0; repetition < pace.repetitions(); repetition++) {
      repetitions.add(repeat(workload, pace.steps(), pace.seconds()));
    }
    parent.say(MEASURED);
    while (parent.heard().isEmpty()) {
      workload.step();
    }
    parent.say(
        new RankReport(
            repetitions,
            workload.firstLoss(),
            workload.lastLoss(),
            ProcessMemory.peak(),
            ProcessMemory.resident() - before));
  }

  private static Repetition repeat(Workload workload, int steps, double seconds) {
    long begin = System.nanoTime();
    int done = 0;
    double passed = 0;
    while (done < steps || passed < seconds) {
      workload.step();
      done++;
      passed = (System.nanoTime() - begin) / 1e9;
    }
    return new Repetition(done, passed, workload.takePhases(done));
  }
}
