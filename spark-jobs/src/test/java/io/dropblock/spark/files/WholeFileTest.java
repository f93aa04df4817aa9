package io.dropblock.spark.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WholeFileTest {
  private static final byte[] CONTENT = "content".getBytes(StandardCharsets.UTF_8);

  @TempDir private java.nio.file.Path folder;

  @AfterEach
  void room() {
    FullDisk.left = Long.MAX_VALUE;
  }

  @Test
  void isThereWhenItIsWritten() throws IOException {
    WholeFile.write(local(), path("file:", "recipe.yaml"), CONTENT);
    assertThat(folder.resolve("recipe.yaml")).hasBinaryContent(CONTENT);
    assertThatThrownBy(() -> WholeFile.write(local(), path("file:", "recipe.yaml"), CONTENT))
        .isInstanceOf(FileAlreadyExistsException.class);
    assertThat(Files.list(folder))
        .map(path -> path.getFileName().toString())
        .allMatch(name -> name.endsWith("recipe.yaml") || name.equals(".recipe.yaml.crc"));
  }

  @Test
  void leavesNothingOnAFullDisk() throws IOException {
    FileSystem full = FullDisk.open();
    for (int room = 0; room < CONTENT.length; room++) {
      FullDisk.left = room;
      assertThatThrownBy(() -> WholeFile.write(full, path("full:", "recipe.yaml"), CONTENT))
          .isInstanceOf(IOException.class)
          .hasMessage("No space left on device");
      assertThat(folder).isEmptyDirectory();
    }
    FullDisk.left = CONTENT.length;
    WholeFile.write(full, path("full:", "recipe.yaml"), CONTENT);
    assertThat(folder.resolve("recipe.yaml")).hasBinaryContent(CONTENT);
  }

  private Path path(String scheme, String name) {
    return new Path(scheme + folder.resolve(name));
  }

  private static FileSystem local() throws IOException {
    return FileSystem.getLocal(new Configuration());
  }
}
