package io.dropblock.cpu;

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
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.factory.Nd4j;

/** The committed library is the one that build.sh makes of the committed sources. */
class NativeLibraryTest {
  private static final Path SOURCES = Path.of("src", "main", "native");
  private static final List<String> HASHED =
      List.of(
          "build.sh",
          "conv.c",
          "depthwise.c",
          "depthwise_library.c",
          "detection_library.c",
          "doubling.c",
          "focal.c",
          "kernel.c",
          "library.c",
          "memory.c",
          "op_library.c",
          "order.c",
          "update.c",
          "update_library.c",
          "upsample.c",
          "upsample_library.c",
          "columns.h",
          "columns_gradient.h",
          "columns_pass.h",
          "conv.h",
          "depthwise.h",
          "depthwise_gradient.h",
          "depthwise_pass.h",
          "doubling.h",
          "focal.h",
          "inner.h",
          "kernel.h",
          "lanes.h",
          "matmul.h",
          "memory.h",
          "norm.h",
          "norm_last.h",
          "order.h",
          "product.h",
          "sample.h",
          "sigmoid.h",
          "update.h",
          "upsample.h",
          "winograd.h",
          "winograd_gradient.h",
          "winograd_pass.h");

  @Test
  void isMadeOfTheseSources() throws IOException, NoSuchAlgorithmException {
    assertThat(NativeLibrary.problem()).isNull();
    MessageDigest hash = MessageDigest.getInstance("SHA-256");
    for (String name : HASHED) {
      hash.update(Files.readAllBytes(SOURCES.resolve(name)));
    }
    assertThat(NativeLibrary.source())
        .as("hash of the sources, run %s", SOURCES.resolve("build.sh"))
        .isEqualTo(HexFormat.of().formatHex(hash.digest()));
    try (var files = Files.list(SOURCES)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrderElementsOf(HASHED);
    }
  }

  /** Two OpenMPs in one process are two teams on the same cores. */
  @Test
  void sharesTheOpenMpOfNd4j() throws IOException {
    assertThat(NativeLibrary.problem()).isNull();
    try (Stream<String> maps = Files.lines(Path.of("/proc/self/maps"))) {
      assertThat(
              maps.filter(line -> line.contains("/libgomp"))
                  .map(line -> line.substring(line.indexOf('/')))
                  .distinct())
          .hasSize(1);
    }
  }

  @Test
  void asksForNoNewGlibc() throws IOException {
    try (InputStream resource =
        NativeLibrary.class.getResourceAsStream("linux-x86_64/libdropblock.so")) {
      String library = new String(resource.readAllBytes(), StandardCharsets.ISO_8859_1);
      Matcher version = Pattern.compile("GLIBC_2\\.(\\d+)").matcher(library);
      List<Integer> asked =
          version.results().map(found -> Integer.parseInt(found.group(1))).toList();
      // whatever it is linked against, memcpy is of 2.14
      assertThat(asked).contains(14).allMatch(minor -> minor <= 18);
    }
  }

  /** The same bytes by the same compiler; by another one a library with the same functions. */
  @Test
  void isWhatACompilerMakesAgain(@TempDir Path folder) throws IOException, InterruptedException {
    byte[] committed;
    try (InputStream resource =
        NativeLibrary.class.getResourceAsStream("linux-x86_64/libdropblock.so")) {
      committed = resource.readAllBytes();
    }
    String compiler = compiler();
    assumeTrue(compiler != null, "gcc is not installed: the library is not made again");
    Path again = folder.resolve("again.so");
    Process build =
        new ProcessBuilder(SOURCES.resolve("build.sh").toString(), again.toString())
            .inheritIO()
            .start();
    assertThat(build.waitFor()).isZero();
    byte[] made = Files.readAllBytes(again);
    assertThat(functions(made)).isEqualTo(functions(committed));
    if (new String(committed, StandardCharsets.ISO_8859_1).contains(compiler)) {
      assertThat(made).isEqualTo(committed);
    }
  }

  /** What Java can call, by the table of names. */
  private static Set<String> functions(byte[] library) {
    Set<String> names =
        Pattern.compile("Java_io_dropblock_\\w+")
            .matcher(new String(library, StandardCharsets.ISO_8859_1))
            .results()
            .map(MatchResult::group)
            .collect(Collectors.toSet());
    assertThat(names).contains("Java_io_dropblock_cpu_NativeLibrary_instructionSets");
    return names;
  }

  @Test
  void canBeSwitchedOff() throws IOException, InterruptedException {
    Process off =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-Dio.dropblock.native=off",
                "-cp",
                System.getProperty("java.class.path"),
                NativeLibraryTest.class.getName())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String said = new String(off.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(off.waitFor()).isZero();
    assertThat(said).endsWith("native libraries are switched off by -Dio.dropblock.native=off\n");
  }

  public static void main(String[] arguments) {
    if (DenseFloats.are(Nd4j.ones(3))) {
      throw new IllegalStateException("Cannot be: there are no loops to work on arrays");
    }
    System.out.println(NativeLibrary.problem());
  }

  /** What gcc writes into its objects; null if there is none. */
  private static String compiler() throws InterruptedException {
    try {
      Process version = new ProcessBuilder("gcc", "--version").start();
      String first =
          new String(version.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
              .lines()
              .findFirst()
              .get();
      version.waitFor();
      return first.replaceFirst("^gcc", "GCC:");
    } catch (IOException e) {
      return null;
    }
  }
}
