package io.dropblock.spark.data.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class LargeImageMemoryTest {
  /** 300 MB of pixels, so nothing of them can be in the heap twice. */
  @Test
  void twoPhotographsOf50MegapixelsAtATimeNeedHalfAGibibyte()
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:+ExitOnOutOfMemoryError",
                "-cp",
                System.getProperty("java.class.path"),
                FiftyMegapixels.class.getName())
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    assertThat(said.lines())
        .contains(
            "PNG: 100005680",
            "PNG with alpha: 100005680",
            "PNG of 16 bits: 100005680",
            "JPEG: 100005680",
            "progressive JPEG: 100005680",
            "JPEG by the JDK: 100005680");
  }
}
