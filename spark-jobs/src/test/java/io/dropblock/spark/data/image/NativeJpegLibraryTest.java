package io.dropblock.spark.data.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The committed library is the one that build.sh makes of the committed sources. */
class NativeJpegLibraryTest {
  private static final Path SOURCES = Path.of("src", "main", "native");
  private static final List<String> HASHED =
      List.of("build.sh", "jpeg.c", "library.c", "resample.c", "jpeg.h", "resample.h");

  @BeforeEach
  void loaded() {
    assumeTrue(NativeJpeg.problem() == null, "the native library is for Linux on x86-64");
  }

  @Test
  void isMadeOfTheseSources() throws IOException, NoSuchAlgorithmException {
    MessageDigest hash = MessageDigest.getInstance("SHA-256");
    for (String name : HASHED) {
      hash.update(Files.readAllBytes(SOURCES.resolve(name)));
    }
    assertThat(NativeJpeg.source())
        .as("hash of the sources, run %s", SOURCES.resolve("build.sh"))
        .isEqualTo(HexFormat.of().formatHex(hash.digest()));
    try (var files = Files.list(SOURCES)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrderElementsOf(HASHED);
    }
  }

  /** Ubuntu 20.04, Debian 11 and RHEL 9 have it. */
  @Test
  void needsNoNewerGlibcThan229() throws IOException {
    for (String resource :
        List.of(
            "/org/bytedeco/leptonica/linux-x86_64/libleptonica.so.6",
            "/io/dropblock/spark/data/image/linux-x86_64/libdropblockjpeg.so")) {
      try (InputStream in = NativeJpeg.class.getResourceAsStream(resource)) {
        String library = new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
        Matcher version = Pattern.compile("GLIBC_2\\.(\\d+)").matcher(library);
        assertThat(version.find()).as("versions of glibc in %s", resource).isTrue();
        do {
          assertThat(Integer.parseInt(version.group(1)))
              .as(version.group())
              .isLessThanOrEqualTo(29);
        } while (version.find());
      }
    }
  }
}
