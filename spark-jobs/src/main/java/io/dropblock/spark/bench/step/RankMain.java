package io.dropblock.spark.bench.step;

import io.dropblock.cpu.ComputeThreads;
import io.dropblock.onednn.OneDnn;
import io.dropblock.spark.bench.step.Signal.Word;
import io.dropblock.spark.data.DataException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/** The process of a rank: one network, its steps, and a report. See {@link Signal}. */
public final class RankMain {
  private static final int ABANDONED = 3;

  private final StepJob job;
  private final Orders orders;
  private final PrintStream out;

  private RankMain(StepJob job, Orders orders, PrintStream out) {
    this.job = job;
    this.orders = orders;
    this.out = out;
  }

  /**
   * Measures a job.
   *
   * @param arguments the job as JSON
   */
  public static void main(String[] arguments) {
    PrintStream out = System.out;
    try {
      Orders orders = Orders.from(System.in, () -> Runtime.getRuntime().halt(ABANDONED));
      new RankMain(Signal.read(arguments[0], StepJob.class), orders, out).run();
      System.exit(0);
    } catch (Throwable e) {
      // Whatever it is, the measurement has to know
      tell(out, new Signal(Word.FAILED, DataException.reason(e)));
      System.exit(1);
    }
  }

  private void run() throws InterruptedException {
    ComputeThreads.set(job.threads());
    if (OneDnn.state().on() != job.helpers()) {
      throw new MeasurementException(
          "DL4J's oneDNN helpers are " + (job.helpers() ? "not available" : "on"));
    }
    Workload workload = Workload.of(job);
    StepPace pace = job.pace();
    repeat(workload, pace.warmUpSteps(), pace.warmUpSeconds());
    double before = ProcessMemory.resident();
    tell(out, Signal.of(Word.READY));
    orders.awaitGo();

    List<Repetition> repetitions = new ArrayList<>();
    for (int repetition = 0; repetition < pace.repetitions(); repetition++) {
      repetitions.add(repeat(workload, pace.steps(), pace.seconds()));
    }
    tell(out, Signal.of(Word.MEASURED));
    while (!orders.stopped()) {
      workload.step();
    }
    RankReport report =
        new RankReport(
            repetitions,
            workload.firstLoss(),
            workload.lastLoss(),
            ProcessMemory.peak(),
            ProcessMemory.resident() - before);
    tell(out, new Signal(Word.REPORT, Signal.write(report)));
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

  private static void tell(PrintStream out, Signal signal) {
    out.println(signal.line());
    out.flush();
  }
}
