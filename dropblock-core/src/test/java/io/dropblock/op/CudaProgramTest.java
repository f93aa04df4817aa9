package io.dropblock.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The committed PTX is the one that build.sh makes of the committed sources. */
class CudaProgramTest {
  private static final Path SOURCES = Path.of("src", "main", "cuda");

  /** In the order in which build.sh hashes them: shell patterns one by one, each sorted. */
  private static final List<String> HASHED =
      List.of("build.sh", "dropblock.cu", "product.cuh", "sample.cuh");

  @Test
  void isMadeOfTheseSources() throws IOException, NoSuchAlgorithmException {
    MessageDigest hash = MessageDigest.getInstance("SHA-256");
    for (String name : HASHED) {
      hash.update(Files.readAllBytes(SOURCES.resolve(name)));
    }
    assertThat(CudaKernel.program().lines().findFirst().get())
        .as("hash of the sources, run %s", SOURCES.resolve("build.sh"))
        .endsWith(" " + HexFormat.of().formatHex(hash.digest()));
    try (var files = Files.list(SOURCES)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .filteredOn(name -> name.matches(".*\\.cuh?"))
          .containsExactlyInAnyOrderElementsOf(HASHED.subList(1, HASHED.size()));
    }
  }

  @Test
  void saysThatOldDriversAndGpusWillDo() {
    assertThat(CudaKernel.program().lines().skip(1))
        .startsWith(".version 6.0", ".target sm_50", ".address_size 64");
  }

  @ParameterizedTest
  @ValueSource(strings = {"sm_75", "sm_80", "sm_86", "sm_90", "sm_100"})
  void isAssembledForGpusFromTuringToBlackwell(String target, @TempDir Path folder)
      throws IOException, InterruptedException {
    Path program = Files.writeString(folder.resolve("dropblock.ptx"), CudaKernel.program());
    Path report = folder.resolve("report");
    int status =
        run(
            report,
            "ptxas",
            "-arch=" + target,
            "-v",
            program.toString(),
            "-o",
            folder.resolve("cubin").toString());
    assertThat(status).as(Files.readString(report)).isZero();
    // a local array or a spill would cost bandwidth
    assertThat(Files.readString(report).lines().filter(line -> line.contains("stack frame")))
        .hasSize(9)
        .allMatch(line -> line.contains("0 bytes stack frame, 0 bytes spill stores"));
  }

  @Test
  void isWhatTheSameCompilerMakesAgain(@TempDir Path folder)
      throws IOException, InterruptedException {
    Path report = folder.resolve("report");
    run(report, "nvcc", "--version");
    assumeTrue(
        Files.readString(report).contains("V13.0.88"),
        "another nvcc than 13.0.88, which made the committed text: it is not made again");
    Path again = folder.resolve("again.ptx");
    assertThat(run(report, SOURCES.resolve("build.sh").toString(), again.toString()))
        .as(Files.readString(report))
        .isZero();
    assertThat(Files.readString(again)).isEqualTo(CudaKernel.program());
  }

  private static int run(Path report, String... command) throws InterruptedException {
    try {
      return new ProcessBuilder(command)
          .redirectErrorStream(true)
          .redirectOutput(report.toFile())
          .start()
          .waitFor();
    } catch (IOException e) {
      assumeTrue(false, command[0] + " is not installed");
      return -1;
    }
  }
}
