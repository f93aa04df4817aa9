package io.dropblock.spark.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A page of docs that is made of the code and committed. {@code -Ddropblock.pages=write} writes it
 * again.
 *
 * @param name below docs, such as {@code reference/settings.md}
 * @param test that makes it
 */
public record GeneratedPage(String name, Class<?> test) {
  private static final String PROPERTY = "dropblock.pages";

  /** First lines of each page. */
  public static String head(String title) {
    return "# " + title + "\n\n<!-- Made of the code by a test: do not edit. -->\n\n";
  }

  /** What is committed. */
  public String committed() throws IOException {
    return Files.exists(file()) ? Files.readString(file(), StandardCharsets.UTF_8) : "";
  }

  /** Compares what is committed with what the code says now, or writes it. */
  public void check(String text) throws IOException {
    if ("write".equals(System.getProperty(PROPERTY))) {
      Files.writeString(file(), text, StandardCharsets.UTF_8);
    } else if (!committed().equals(text)) {
      assertThat(committed().lines().toList()).as(advice()).isEqualTo(text.lines().toList());
      fail(advice());
    }
  }

  private String advice() {
    return "docs/"
        + name
        + " is not what the code says; to write it again: ./mvnw test -pl dropblock-core,spark-jobs"
        + " -Dsurefire.failIfNoSpecifiedTests=false -Dtest="
        + test.getSimpleName()
        + " -D"
        + PROPERTY
        + "=write";
  }

  private Path file() {
    return Path.of("..", "docs").resolve(name);
  }
}
