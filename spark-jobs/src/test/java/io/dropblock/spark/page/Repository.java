package io.dropblock.spark.page;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

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
    List<Path> texts = new ArrayList<>();
    Files.walkFileTree(
        ROOT,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes is) {
            // others may write there meanwhile
            return LEFT_OUT.contains(folder.getFileName().toString())
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes is) {
            String name = file.getFileName().toString();
            if (is.isRegularFile() && !LEFT_OUT.contains(name) && TEXT.matcher(name).matches()) {
              texts.add(file);
            }
            return FileVisitResult.CONTINUE;
          }
        });
    Collections.sort(texts);
    return texts;
  }

  /** A text. */
  public static String read(Path file) throws IOException {
    return Files.readString(file, StandardCharsets.UTF_8);
  }
}
