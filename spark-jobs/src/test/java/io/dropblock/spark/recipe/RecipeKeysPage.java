package io.dropblock.spark.recipe;

import io.dropblock.schedule.Schedule;
import io.dropblock.spark.page.GeneratedPage;
import io.dropblock.spark.page.SourceComments;
import io.dropblock.spark.recipe.yaml.Default;
import io.dropblock.spark.recipe.yaml.Spelling;
import io.dropblock.spark.recipe.yaml.Tagged;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The page of all keys: types and defaults as the parser has them, ranges as it refuses them,
 * meanings as the records' comments have them.
 */
final class RecipeKeysPage {
  /** Texts with a form of their own, whose first word is one of these. */
  private static final Map<String, Class<?>> WORDS =
      Map.of("data.augment", AugmentRecipe.Policy.class);

  /** The loader reads one of the other. */
  private static final Map<String, String> OF_A_FILE =
      Map.of("model.file", "required where it applies", "model.network", "may be left out");

  private static final String INTRODUCTION =
      """
      For anyone who writes a recipe or a `--set`: every key, its type, its default, what it may be and what it means. How to use
      them: [how-to/write-a-recipe.md](../how-to/write-a-recipe.md). Start from one of the
      [bundled recipes](bundled-recipes.md) with `extends`.

      A key without a default must be there. A key that is another task's, another optimizer's or another transform's is
      refused by name. "Must" has what the program says of values that it refuses.
      """;

  private final StringBuilder page = new StringBuilder();
  private final RefusedValues refused = new RefusedValues();

  String text() {
    page.append(GeneratedPage.head("Recipe keys")).append(INTRODUCTION);
    section(Recipe.class, "", "", "The recipe");
    return page.toString();
  }

  /**
   * @param kind of the block that the record is; empty where it has no kinds
   */
  private void section(Class<?> record, String path, String kind, String title) {
    SourceComments comments = new SourceComments(record);
    page.append("\n## ").append(title).append("\n\n");
    if (!path.isEmpty()) {
      page.append(comments.of(record).replaceAll(" A number `weight_decay.*", "")).append("\n\n");
    }
    page.append("| Key | Type | Default | Must | Means |\n|---|---|---|---|---|\n");
    Map<String, String> means = comments.components(record);
    for (RecordComponent component : record.getRecordComponents()) {
      String key = Spelling.join(path, Spelling.key(component.getName()));
      row(key, kind, component, means.get(component.getName()));
    }
    for (RecordComponent component : record.getRecordComponents()) {
      below(Spelling.join(path, Spelling.key(component.getName())), component);
    }
  }

  private void row(String key, String kind, RecordComponent component, String means) {
    if (means == null) {
      throw new IllegalStateException("Cannot describe " + key + ": its component has no @param");
    }
    Class<?> words = WORDS.getOrDefault(key, words(component.getGenericType()));
    line(
        key,
        type(component.getGenericType()),
        otherwise(key, kind, component),
        refused.rules(key, kind),
        means + (words == null ? "" : ". " + explained(words)));
  }

  private void line(String key, String type, String otherwise, String must, String means) {
    String sentence = means.substring(0, 1).toUpperCase(Locale.ROOT) + means.substring(1);
    page.append(
        String.format(
            Locale.ROOT,
            "| `%s` | %s | %s | %s | %s |%n",
            key,
            type,
            otherwise,
            must.replace("|", "\\|"),
            sentence.replace("|", "\\|")));
  }

  /** The blocks below a record. */
  private void below(String key, RecordComponent component) {
    Class<?> block = block(component.getGenericType());
    if (block.isAnnotationPresent(Tagged.class)) {
      List<Class<?>> kinds =
          Arrays.stream(block.getPermittedSubclasses())
              .sorted(Comparator.comparing(RecipeKeysPage::word))
              .collect(Collectors.toList());
      SourceComments comments = new SourceComments(block);
      page.append("\n## `").append(key).append("`\n\n").append(comments.of(block));
      page.append(" Its keys depend on its kind:\n\n");
      page.append("| Key | Type | Default | Must | Means |\n|---|---|---|---|---|\n");
      String explained =
          kinds.stream()
              .map(kind -> "`" + word(kind) + "`: " + small(comments.of(kind)))
              .collect(Collectors.joining(" "));
      line(Spelling.join(key, "kind"), "word", kind(component), "", "Which one. " + explained);
      for (Class<?> kind : kinds) {
        section(kind, key, word(kind), "`" + key + "` of kind `" + word(kind) + "`");
      }
    } else if (block.isRecord()) {
      section(block, key, "", "`" + key + "`");
    }
  }

  private static String kind(RecordComponent component) {
    Default leftOut = component.getAnnotation(Default.class);
    return leftOut == null ? "" : "`" + leftOut.value().replace("kind: ", "") + "`";
  }

  private String otherwise(String key, String kind, RecordComponent component) {
    Default leftOut = component.getAnnotation(Default.class);
    if (leftOut != null) {
      return "`" + leftOut.value() + "`";
    }
    if (OF_A_FILE.containsKey(key)) {
      return OF_A_FILE.get(key);
    }
    if (component.getType() == Optional.class && refused.isMissed(key, kind)) {
      return "required where it applies";
    }
    // the loader knows the file's name
    boolean optional = component.getType() == Optional.class || key.equals("name");
    return optional ? "may be left out" : "";
  }

  private static String type(Type type) {
    if (type instanceof ParameterizedType generic) {
      String element = type(generic.getActualTypeArguments()[0]);
      return generic.getRawType() == Optional.class ? element : "list: " + element;
    }
    Class<?> plain = (Class<?>) type;
    if (plain == Schedule.class) {
      return "[schedule](schedules.md)";
    }
    if (plain.isEnum()) {
      return "word";
    }
    if (plain.isRecord() || plain.isAnnotationPresent(Tagged.class)) {
      return "block";
    }
    return switch (plain.getSimpleName()) {
      case "int", "Integer", "long" -> "whole number";
      case "double", "Double" -> "number";
      case "boolean" -> "`true` or `false`";
      default -> "text";
    };
  }

  private static Class<?> block(Type type) {
    return type instanceof ParameterizedType generic
        ? block(generic.getActualTypeArguments()[0])
        : (Class<?>) type;
  }

  private static Class<?> words(Type type) {
    return block(type).isEnum() ? block(type) : null;
  }

  private static String explained(Class<?> words) {
    SourceComments comments = new SourceComments(words);
    return Arrays.stream(words.getEnumConstants())
        .map(constant -> (Enum<?>) constant)
        .map(constant -> "`" + Spelling.word(constant) + "`: " + small(comments.of(constant)))
        .collect(Collectors.joining(" "));
  }

  private static String small(String sentence) {
    boolean name = Character.isUpperCase(sentence.charAt(1));
    boolean proper =
        sentence.matches("(?s)(AutoAugment|RandAugment|TrivialAugment|Adam|RMSProp).*");
    return name || proper
        ? sentence
        : sentence.substring(0, 1).toLowerCase(Locale.ROOT) + sentence.substring(1);
  }

  private static String word(Class<?> kind) {
    return kind.getSimpleName().toLowerCase(Locale.ROOT);
  }

  /** The keys that a page has, in their order. */
  static Collection<String> keys(String page) {
    Map<String, String> keys = new TreeMap<>();
    page.lines()
        .filter(line -> line.startsWith("| `"))
        .map(line -> line.substring(3, line.indexOf('`', 3)))
        .forEach(key -> keys.put(key, key));
    return keys.keySet();
  }
}
