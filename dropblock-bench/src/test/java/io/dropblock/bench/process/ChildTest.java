package io.dropblock.bench.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropblock.bench.figure.MeasurementException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Real processes, on both sides. */
class ChildTest {
  private static final List<String> SMALL = List.of("-Xmx64m");

  record Job(String wish, int number) {}

  record Report(double value, List<String> heard) {}

  /** A process that does what its job wishes. */
  static final class Worker {
    public static void main(String[] arguments) {
      Parent.serve(
          arguments,
          Job.class,
          (job, parent) -> {
            System.out.println("noise of a library");
            switch (job.wish()) {
              case "talk" -> talk(job, parent);
              case "fail" -> throw new IllegalStateException("no " + job.number() + "\nmore");
              case "end" -> Runtime.getRuntime().halt(job.number());
              default -> parent.hear();
            }
          });
    }

    private static void talk(Job job, Parent parent) throws InterruptedException {
      List<String> before = parent.heard().stream().toList();
      parent.say("ready");
      String first = parent.hear();
      int spins = 0;
      while (parent.heard().isEmpty()) {
        spins++;
        Thread.sleep(1);
      }
      parent.say(new Report(job.number() / 2.0, List.of(before.toString(), first)));
      parent.say(spins > 0 ? "spun" : "idle");
    }
  }

  private static Child start(String wish, int number) {
    return Child.start(Worker.class, new Job(wish, number), SMALL, Map.of());
  }

  @Test
  void eachHearsWhatTheOtherSays() throws InterruptedException {
    try (Child child = start("talk", 7)) {
      child.await("ready");
      child.tell("go on: now");
      Thread.sleep(50);
      child.tell("stop");
      assertThat(child.answer(Report.class))
          .isEqualTo(new Report(3.5, List.of("[]", "go on: now")));
      assertThat(child.answer()).isEqualTo("spun");
      assertThatThrownBy(child::answer).hasMessage("its JVM ended with 0: bench: spun");
    }
  }

  @Test
  void saysWhyAProcessFailed() {
    try (Child child = start("fail", 3)) {
      assertThatThrownBy(child::answer).isInstanceOf(MeasurementException.class).hasMessage("no 3");
    }
    try (Child child = Child.start(Worker.class, new Report(1, List.of()), SMALL, Map.of())) {
      assertThatThrownBy(child::answer)
          .isInstanceOf(MeasurementException.class)
          .hasMessageStartingWith("Cannot read a Job: ");
    }
  }

  @Test
  void saysHowAProcessEnded() {
    try (Child child = start("end", 5)) {
      assertThatThrownBy(child::answer).hasMessage("its JVM ended with 5: noise of a library");
    }
    List<String> killed = List.of("/bin/sh", "-c", "echo no room >&2; exit 137");
    try (Child child = Child.start(killed, Map.of())) {
      assertThatThrownBy(child::answer)
          .isInstanceOf(MeasurementException.class)
          .hasMessage("its JVM ended with 137, as one that took too much memory does: no room");
    }
  }

  @Test
  void refusesAnotherWordThanTheOneItWaitsFor() {
    List<String> talks = List.of("/bin/sh", "-c", "echo 'bench: measured'; echo 'bench: {}'");
    try (Child child = Child.start(talks, Map.of())) {
      assertThatThrownBy(() -> child.await("ready"))
          .isInstanceOf(MeasurementException.class)
          .hasMessage("its JVM said 'measured', not 'ready'");
    }
  }

  @Test
  void givesAProcessItsThreads() {
    List<String> command =
        List.of("/bin/sh", "-c", "echo \"bench: $OMP_NUM_THREADS $OPENBLAS_NUM_THREADS\"");
    try (Child child = Child.start(command, Child.threads(3))) {
      assertThat(child.answer()).isEqualTo("3 3");
    }
  }

  /** As where the measurement was killed: nobody is left to close the child. */
  @Test
  void endsWhereNobodyIsLeftToMeasureFor() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-cp",
                System.getProperty("java.class.path"),
                Worker.class.getName(),
                Child.write(new Job("wait", 0)))
            .redirectErrorStream(true)
            .start();
    try {
      process.getOutputStream().close();
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isEqualTo(Parent.ABANDONED);
    } finally {
      process.destroyForcibly();
    }
  }
}
