package io.dropblock.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.HelpCommand;

/** What every command says of itself, on a terminal of 80 columns. */
public class HelpTest {

  @Test
  void noLineIsWiderThanATerminal() {
    all()
        .forEach(
            command ->
                assertThat(command.getUsageMessage().lines())
                    .as(command.getCommandSpec().qualifiedName())
                    .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80)));
  }

  @Test
  void linesOfAFooterAreNotWrapped() {
    all()
        .forEach(
            command ->
                assertThat(command.getUsageMessage().lines())
                    .as(command.getCommandSpec().qualifiedName())
                    .containsSequence(command.getCommandSpec().usageMessage().footer()));
  }

  /** Else a shell would take the rest of an example for another command. */
  @Test
  void anExampleThatGoesOnSaysSo() {
    all()
        .forEach(
            command -> {
              List<String> lines = command.getUsageMessage().lines().toList();
              for (int i = 1; i < lines.size(); i++) {
                if (lines.get(i).startsWith("      --")
                    && lines.get(i - 1).contains("submit.sh ")) {
                  assertThat(lines.get(i - 1)).endsWith(" \\");
                }
              }
            });
  }

  /** Picocli wraps at a full stop, too, such as that of a recipe's key or of a file's name. */
  @Test
  void noWordIsWrapped() {
    all()
        .forEach(
            command ->
                assertThat(command.getUsageMessage())
                    .as(command.getCommandSpec().qualifiedName())
                    .doesNotContainPattern("\\w\\.\\n {20,}[a-z]"));
  }

  private static Stream<CommandLine> all() {
    List<CommandLine> found = new ArrayList<>(List.of(Main.commandLine()));
    for (int i = 0; i < found.size(); i++) {
      found.addAll(found.get(i).getSubcommands().values());
    }
    assertThat(found).hasSizeGreaterThan(5);
    // Its lines have picocli's own line ends in them
    return found.stream().filter(command -> !(command.getCommand() instanceof HelpCommand));
  }
}
