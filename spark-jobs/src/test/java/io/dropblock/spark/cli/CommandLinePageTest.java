package io.dropblock.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.dropblock.spark.page.GeneratedPage;
import io.dropblock.spark.page.Repository;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** docs/reference/command-line.md is what submit.sh and its commands say of themselves. */
class CommandLinePageTest {
  private static final GeneratedPage PAGE =
      new GeneratedPage("reference/command-line.md", CommandLinePageTest.class);

  /** In the order in which people meet them; {@code bench} has pages of its own. */
  private static final List<String> COMMANDS =
      List.of(
          "demo",
          "prepare",
          "check",
          "tune",
          "train",
          "evaluate",
          "predict",
          "analyze",
          "describe",
          "report",
          "export",
          "experiment",
          "scaling");

  private static final String INTRODUCTION =
      """
      For anyone who looks for a command or an option: what `./submit.sh --help` and `./submit.sh COMMAND --help` print. Start with
      `./submit.sh demo`. Measurements, `./submit.sh bench`, have pages of their own: [performance.md](../performance.md)
      and [benchmarks](../benchmarks/README.md). The exit code is 0 for done, 1 for failed, 2 for wrong usage, 130 or 143
      where SIGINT or SIGTERM ended it.
      """;

  @Test
  void thePageIsWhatTheCommandsSay() throws IOException {
    StringBuilder page = new StringBuilder(GeneratedPage.head("Command line")).append(INTRODUCTION);
    section(page, "submit.sh", usageOfTheScript());
    CommandLine main = Main.commandLine();
    for (String command : COMMANDS) {
      CommandLine found = main.getSubcommands().get(command);
      section(page, command, usage(found));
      found
          .getSubcommands()
          .forEach((what, below) -> section(page, command + " " + what, usage(below)));
    }
    PAGE.check(page.toString());
  }

  @Test
  void noCommandIsMissing() {
    assertThat(Main.commandLine().getSubcommands().keySet())
        .filteredOn(command -> !List.of("help", "bench").contains(command))
        .containsExactlyInAnyOrderElementsOf(COMMANDS);
  }

  private static void section(StringBuilder page, String title, String usage) {
    page.append(String.format(Locale.ROOT, "%n## %s%n%n```%n%s%n```%n", title, usage.strip()));
  }

  private static String usage(CommandLine command) {
    return command.getUsageMessage(CommandLine.Help.Ansi.OFF).replaceAll(" +\n", "\n");
  }

  private static String usageOfTheScript() throws IOException {
    String script = Repository.read(Repository.ROOT.resolve("cluster-configs/usage.sh"));
    int begin = script.indexOf("<<'HELP'\n") + "<<'HELP'\n".length();
    return script.substring(begin, script.indexOf("\nHELP\n", begin));
  }
}
