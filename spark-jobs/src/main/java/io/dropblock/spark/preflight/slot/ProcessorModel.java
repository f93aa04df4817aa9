package io.dropblock.spark.preflight.slot;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What kind of processor this is, as Linux tells it. */
final class ProcessorModel {
  private static final Path LINUX = Path.of("/proc/cpuinfo");
  private static final int LINES = 200;

  private ProcessorModel() {}

  /** Its name, and which sets of instructions it has that our loops know; else its architecture. */
  static String here() {
    try (Stream<String> lines = Files.lines(LINUX)) {
      return of(lines.limit(LINES).toList());
    } catch (IOException | UncheckedIOException e) {
      return System.getProperty("os.arch");
    }
  }

  static String of(List<String> lines) {
    String name = value(lines, "model name");
    List<String> flags = Arrays.asList(value(lines, "flags").split(" "));
    String sets =
        Stream.of("avx2", "avx512f")
            .filter(flags::contains)
            .map(flag -> flag.equals("avx2") ? "AVX2" : "AVX-512")
            .collect(Collectors.joining(" and "));
    return (name.isEmpty() ? System.getProperty("os.arch") : name)
        + (sets.isEmpty() ? " without AVX2" : " with " + sets);
  }

  private static String value(List<String> lines, String key) {
    return lines.stream()
        .filter(line -> line.startsWith(key))
        .findFirst()
        .map(line -> line.substring(line.indexOf(':') + 1).strip())
        .orElse("");
  }
}
