package io.dropblock.spark.page;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The Javadoc of a class's source, as Markdown. */
public final class SourceComments {
  private static final String COMMENT = "/\\*\\*((?:(?!\\*/).)*)\\*/\\s*";
  private static final String ANNOTATIONS = "(?:@\\w+\\s+)*(?:public |sealed |static |final )*";
  private static final Pattern PARAMETER =
      Pattern.compile("@param (\\w+) ((?:(?!@param|@throws).)*)", Pattern.DOTALL);

  private final String source;

  /**
   * @param type of this module, or one within it
   */
  public SourceComments(Class<?> type) {
    String file = type.getName().replaceAll("\\$.*", "").replace('.', '/') + ".java";
    try {
      source = Files.readString(Path.of("src/main/java", file), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What is said of each component of a record, by its name. */
  public Map<String, String> components(Class<?> record) {
    Map<String, String> components = new LinkedHashMap<>();
    Matcher matcher = PARAMETER.matcher(before("record " + record.getSimpleName() + "\\("));
    while (matcher.find()) {
      components.put(matcher.group(1), text(matcher.group(2)));
    }
    return components;
  }

  /** What is said of a type, without its components. */
  public String of(Class<?> type) {
    String comment =
        before("(?:record|interface|class|enum) " + type.getSimpleName() + "(?:\\(| |<)");
    return text(comment.replaceAll("(?s)\\s@param.*", ""));
  }

  /** What is said of a constant of an enum. */
  public String of(Enum<?> constant) {
    String type = "enum " + constant.getDeclaringClass().getSimpleName() + " ";
    String rest = source.substring(source.indexOf(type));
    return text(find(rest, constant.name() + "\\b"));
  }

  private String before(String declaration) {
    return find(source, ANNOTATIONS + declaration);
  }

  private static String find(String source, String declaration) {
    Matcher matcher = Pattern.compile(COMMENT + declaration, Pattern.DOTALL).matcher(source);
    if (!matcher.find()) {
      throw new IllegalStateException("Cannot find the comment of " + declaration);
    }
    return matcher.group(1);
  }

  private static String text(String comment) {
    return comment
        .replaceAll("\\n\\s*\\*", " ")
        .replaceAll("<p>", " ")
        .replaceAll("\\s+", " ")
        .replaceAll("\\{@code ([^}]*)}", "`$1`")
        .strip();
  }
}
