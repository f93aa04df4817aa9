package io.dropblock.spark.page;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The texts of the checkout: sources, scripts, settings, recipes and pages. */
public final class Repository {
  /** The checkout's own folder. */
  public static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  private static final Pattern TEXT =
      Pattern.compile(
          ".*\\.(java|md|sh|yaml|conf|properties|xml|py|c|h|cu|cuh|cpp|txt)|\\.?[a-z]+");

  private static final Set<String> LEFT_OUT = Set.of(".git", "target", ".spark-runtime", "runs");

  private Repository() {}

  /** All of them, in alphabetical order. */
  public static List<Path> texts() throws IOException {
    try (Stream<Path> files = Files.walk(ROOT)) {
      return files.filter(Repository::isText).sorted().toList();
    }
  }

  /** A text. */
  public static String read(Path file) throws IOException {
    return Files.readString(file, StandardCharsets.UTF_8);
  }

  private static boolean isText(Path file) {
    for (Path name : ROOT.relativize(file)) {
      if (LEFT_OUT.contains(name.toString())) {
        return false;
      }
    }
    return TEXT.matcher(file.getFileName().toString()).matches() && Files.isRegularFile(file);
  }
}
