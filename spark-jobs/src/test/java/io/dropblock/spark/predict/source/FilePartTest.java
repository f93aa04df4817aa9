package io.dropblock.spark.predict.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropblock.spark.data.DataException;
import io.dropblock.spark.files.HadoopPath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What cannot be read when its turn comes is told by its full name. */
class FilePartTest {
  private static final Configuration HADOOP = new Configuration();

  @TempDir private Path folder;
  private Path second;

  @BeforeEach
  void write() throws IOException {
    Files.write(folder.resolve("a.jpg"), new byte[10]);
    second = Files.write(folder.resolve("b.jpg"), new byte[10]);
    Files.write(folder.resolve("c.jpg"), new byte[10]);
  }

  private static ImagePart list(Path path) {
    ImageSource source =
        ImageSource.list(
            HadoopPath.of(path.toString(), HADOOP),
            new ImageSource.Choice(Optional.empty(), Optional.empty(), Optional.empty()),
            HADOOP);
    return source.parts().of(10).get(0);
  }

  private static void assertSecondIsBroken(ImagePart part, String reason) throws IOException {
    try (ImageStream images = part.open(HADOOP)) {
      assertThat(images.next().bytes()).hasSize(10);
      EncodedImage image = images.next();
      assertThat(image.name()).isEqualTo("b.jpg");
      assertThat(image.bytes()).isNull();
      assertThat(image.broken()).startsWith("it cannot be read: ").contains(reason);
      assertThat(images.next().broken()).isNull();
      assertThat(images.hasNext()).isFalse();
    }
  }

  @Test
  void oneThatIsGoneIsBroken() throws IOException {
    ImagePart part = list(folder);
    Files.delete(second);
    assertSecondIsBroken(part, second.toString());
  }

  @Test
  void oneThatIsForbiddenIsBroken() throws IOException {
    ImagePart part = list(folder);
    Files.setPosixFilePermissions(second, PosixFilePermissions.fromString("---------"));
    Assumptions.assumeFalse(Files.isReadable(second), "this user may read everything");
    assertSecondIsBroken(part, second + " (Permission denied)");
  }

  @Test
  void oneThatWasCutOffEndsTheJob() throws IOException {
    ImagePart part = list(folder);
    Files.write(second, new byte[9]);
    try (ImageStream images = part.open(HADOOP)) {
      images.next();
      assertThatThrownBy(images::next)
          .isInstanceOf(DataException.class)
          .hasMessage(
              "Cannot read image file:" + second + ": it is shorter than when it was listed");
    }
  }

  /** Not a row for each of its images. */
  @Test
  void aTarThatIsGoneEndsTheJob() throws IOException, InterruptedException {
    Path tar = folder.resolve("all.tar");
    assertThat(
            new ProcessBuilder("tar", "cf", tar.toString(), "-C", folder.toString(), "a.jpg")
                .start()
                .waitFor())
        .isZero();
    ImagePart part = list(tar);
    Files.delete(tar);
    try (ImageStream images = part.open(HADOOP)) {
      assertThatThrownBy(images::next)
          .isInstanceOf(DataException.class)
          .hasMessageStartingWith("Cannot read image a.jpg of file:" + tar + ": ");
    }
  }

  @Test
  void theIdentityChangesWithNamesAndLengthsAndNotWithTheParts() throws IOException {
    ImageSource.Choice all =
        new ImageSource.Choice(Optional.empty(), Optional.empty(), Optional.empty());
    org.apache.hadoop.fs.Path path = HadoopPath.of(folder.toString(), HADOOP);
    String before = ImageSource.list(path, all, HADOOP).identity();
    assertThat(before).hasSize(64).isEqualTo(ImageSource.list(path, all, HADOOP).identity());
    Files.write(second, new byte[11]);
    assertThat(ImageSource.list(path, all, HADOOP).identity()).isNotEqualTo(before);
    Files.write(second, new byte[10]);
    Files.move(second, folder.resolve("bb.jpg"));
    assertThat(ImageSource.list(path, all, HADOOP).identity()).isNotEqualTo(before);
  }
}
