package io.dropblock.spark.ring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Ranks as JVMs of their own. */
class RingProcessTest {
  private static final int WORLD = 3;
  private static final int KILLED = 1;

  private final UUID nonce = UUID.randomUUID();
  private final List<Process> ranks = new ArrayList<>();
  private final List<BufferedReader> answers = new ArrayList<>();

  @AfterEach
  void end() {
    ranks.forEach(Process::destroyForcibly);
  }

  // Below the 2 minutes of silence after which a rank gives up: the survivors must see the end
  @Test
  @Timeout(value = 60, unit = TimeUnit.SECONDS)
  void averageBetweenProcessesAndNameTheOneThatIsKilled() throws Exception {
    for (int rank = 0; rank < WORLD; rank++) {
      start(rank);
    }
    List<String> ports = List.of(line(0), line(1), line(2));
    for (Process rank : ranks) {
      new PrintWriter(rank.getOutputStream(), true, StandardCharsets.UTF_8)
          .println(String.join(" ", ports));
    }
    String mean = line(0);
    assertThat(mean).startsWith("1.0 ");
    assertThat(List.of(line(1), line(2))).containsOnly(mean);

    ranks.get(KILLED).destroyForcibly().waitFor();

    // Both neighbours see its connection end; the one that does so first ends the other's, too
    List<String> reasons = List.of(line(0), line(2));
    assertThat(reasons)
        .allMatch(reason -> reason.startsWith("Cannot average with rank "))
        .noneMatch(reason -> reason.contains("silent"))
        .anyMatch(reason -> reason.matches(".* rank 1 at .*:" + ports.get(1) + ": .*"));
  }

  private void start(int rank) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-cp",
                System.getProperty("java.class.path"),
                RankMain.class.getName(),
                Integer.toString(rank),
                Integer.toString(WORLD),
                nonce.toString()));
    if (rank == KILLED) {
      command.add("stays");
    }
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    ranks.add(process);
    answers.add(process.inputReader(StandardCharsets.UTF_8));
  }

  private String line(int rank) throws IOException {
    return answers.get(rank).readLine();
  }
}
