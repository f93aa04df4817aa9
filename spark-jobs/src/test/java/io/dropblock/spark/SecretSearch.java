package io.dropblock.spark;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.ZstdInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Looks for what must be written nowhere.
 *
 * @param secrets what that is
 */
record SecretSearch(List<String> secrets) {

  void assertNotIn(String text, String where) {
    for (String secret : secrets) {
      assertThat(text.contains(secret)).as("%s in %s", secret, where).isFalse();
    }
  }

  /** In all files, event logs too, but not in jars. */
  void assertNotBelow(List<Path> folders) throws IOException {
    for (Path folder : folders) {
      List<Path> written = new ArrayList<>();
      try (Stream<Path> files = Files.walk(folder)) {
        files
            .filter(file -> Files.isRegularFile(file) && !file.toString().endsWith(".jar"))
            .forEach(written::add);
      }
      assertThat(written).as("files in %s", folder).isNotEmpty();
      for (Path file : written) {
        assertNotIn(text(file), file.toString());
      }
    }
  }

  private static String text(Path file) throws IOException {
    if (!file.toString().endsWith(".zstd")) {
      return Files.readString(file, StandardCharsets.ISO_8859_1);
    }
    try (InputStream in = new ZstdInputStream(Files.newInputStream(file))) {
      return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
    }
  }
}
