package io.dropblock.bench.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.dropblock.spark.cli.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TraceCommandTest {
  @TempDir private Path folder;

  @Test
  void explainsItselfWithAnExample() {
    assertThat(Answer.to("bench", "trace", "--help").out())
        .contains("Example:", "./submit.sh bench trace --model");
  }

  @Test
  void refusesWhatCannotBeWrittenOrComputed() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "something");

    assertRefused("Cannot write " + file + ": it is a file, a folder is needed", file);
    assertRefused("Cannot write " + folder + ": it is not empty, give a new folder", folder);
    Path empty = folder.resolve("new");
    assertRefused("Invalid shape: 0x3x224x224", empty, "--batch=0");
    assertRefused("Unknown model: 'vgg16', write", empty, "--model=vgg16");
    assertThat(empty).doesNotExist();
  }

  private static void assertRefused(String message, Path to, String... more) {
    String[] arguments = new String[4 + more.length];
    System.arraycopy(new String[] {"bench", "trace", "--to", to.toString()}, 0, arguments, 0, 4);
    System.arraycopy(more, 0, arguments, 4, more.length);
    Answer answer = Answer.to(arguments);
    assertThat(answer.status()).isEqualTo(2);
    assertThat(answer.error().strip())
        .startsWith(message)
        .endsWith("; see ./submit.sh bench trace --help");
  }
}
