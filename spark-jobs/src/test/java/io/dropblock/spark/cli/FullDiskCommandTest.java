package io.dropblock.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.dropblock.spark.data.TestImages;
import io.dropblock.spark.files.FullDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.hadoop.fs.FSError;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Commands whose output does not fit on the disk. */
@ExtendWith(SparkInThisJvm.class)
class FullDiskCommandTest {
  private static final String SETTING = "spark.hadoop." + FullDisk.SETTING;

  @TempDir private Path temp;

  @BeforeEach
  void mount() {
    System.setProperty(SETTING, FullDisk.class.getName());
  }

  @AfterEach
  void unmount() {
    FullDisk.left = Long.MAX_VALUE;
    System.clearProperty(SETTING);
  }

  @Test
  void aDemoLeavesNoImages() {
    Path out = temp.resolve("demo");
    FullDisk.left = 50_000;
    Answer answer = Answer.to("demo", "--out", "full:" + out);
    assertThat(answer.error())
        .isEqualTo("Cannot draw images in full:" + out + "/images: No space left on device\n");
    assertThat(answer.status()).isEqualTo(1);
    assertThat(out.resolve("images")).doesNotExist();
  }

  @Test
  void aContactSheetIsWholeOrNotThere() throws IOException {
    Path images = temp.resolve("images");
    TestImages.folder(images, List.of("cat", "dog"), 3, 1);
    String data = temp.resolve("data").toString();
    assertThat(Answer.to("prepare", images.toString(), "--out", data).status()).isZero();
    FullDisk.left = 100;
    Answer answer =
        Answer.to("prepare", "--describe", data, "--sheet", "full:" + temp + "/sheets/one.png");
    assertThat(answer.error().lines()).singleElement().asString().contains("No space left on device");
    assertThat(answer.status()).isEqualTo(1);
    assertThat(Files.list(temp.resolve("sheets"))).isEmpty();
  }

  /** As Hadoop tells of a full disk where nobody foresaw it. */
  @Test
  void anErrorIsToldInALine() {
    AtomicReference<String> told = new AtomicReference<>();
    new CommandLine(new Thrower())
        .setExecutionStrategy(Main::execute)
        .setExecutionExceptionHandler(
            (error, line, parsed) -> {
              told.set(Failure.message(error));
              return 1;
            })
        .execute();
    assertThat(told.get())
        .isEqualTo(
            "Cannot go on: No space left on device (IOException); add --verbose for the stack"
                + " trace");
  }

  @Command(name = "thrower")
  private static final class Thrower implements Callable<Integer> {
    @Override
    public Integer call() {
      throw new FSError(new IOException("No space left on device"));
    }
  }
}
