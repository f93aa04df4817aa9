package io.dropblock.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropblock.spark.cli.assembly.Demonstration;
import io.dropblock.spark.data.DataException;
import io.dropblock.spark.data.TestImages;
import io.dropblock.spark.files.FullDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.hadoop.conf.Configuration;
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
    FullDisk.left = 50_000;
    assertDoesNotFit();
    assertThat(temp.resolve("images")).doesNotExist();
  }

  @Test
  void aDemoDeletesNothingThatWasThere() throws IOException {
    Path photo = Files.createDirectory(temp.resolve("images")).resolve("photo.jpg");
    Files.write(photo, new byte[] {1, 2});
    FullDisk.left = 50_000;
    assertDoesNotFit();
    assertThat(photo).hasBinaryContent(new byte[] {1, 2});
  }

  private void assertDoesNotFit() {
    Configuration configuration = new Configuration();
    configuration.set(FullDisk.SETTING, FullDisk.class.getName());
    String images = temp.resolve("images").toString();
    assertThatThrownBy(
            () ->
                DemoCommand.drawn(
                    Demonstration.of("classification").orElseThrow(),
                    new org.apache.hadoop.fs.Path("full:" + images),
                    1,
                    configuration))
        .isInstanceOf(DataException.class)
        .hasMessage("Cannot draw images in full:" + images + ": No space left on device");
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
    assertThat(answer.error().lines())
        .singleElement()
        .asString()
        .contains("No space left on device");
    assertThat(answer.status()).isEqualTo(1);
    assertThat(Files.list(temp.resolve("sheets"))).isEmpty();
  }

  /** Which is no exception. */
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
            "Cannot go on: Java heap space (OutOfMemoryError); add --verbose for the stack trace");
  }

  @Command(name = "thrower")
  private static final class Thrower implements Callable<Integer> {
    @Override
    public Integer call() {
      throw new OutOfMemoryError("Java heap space");
    }
  }
}
