package io.dropblock.bench.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.dropblock.bench.separable.SeparableCase;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class SeparableCommandTest {
  @TempDir private Path folder;

  private final StringWriter errors = new StringWriter();

  private int run(String... arguments) {
    return new CommandLine(new SeparableCommand())
        .setErr(new PrintWriter(errors, true))
        .execute(arguments);
  }

  @Test
  void measuresAllShapes() throws Exception {
    Path json = folder.resolve("separable.json");
    assertThat(run("--quick", "--batch", "1", "--threads", "1", "--json", json.toString()))
        .isZero();
    var figures = new ObjectMapper().readTree(json.toFile()).get("figures");
    assertThat(figures).hasSize(SeparableCase.AMOEBANET.size());
    for (var figure : figures) {
      assertThat(figure.get("forward_ms").asDouble()).isPositive();
      assertThat(figure.get("both_ms").asDouble()).isPositive();
    }
  }

  @Test
  void refusesWhatCannotBeMeasured() {
    assertThat(run("--batch", "0")).isEqualTo(CommandLine.ExitCode.USAGE);
    assertThat(errors.toString()).contains("Invalid batch or threads: 0 images is not 1 to 1024");
    assertThat(run("--threads", "100000")).isEqualTo(CommandLine.ExitCode.USAGE);
  }
}
