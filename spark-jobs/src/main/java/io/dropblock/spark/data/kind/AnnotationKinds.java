package io.dropblock.spark.data.kind;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The kinds that there are. */
public final class AnnotationKinds {
  /** All, each with a word of its own. */
  public static final List<AnnotationKind> ALL =
      List.of(new ClassLabelKind(), new ObjectSetKind(), new LabelMapKind());

  private AnnotationKinds() {}

  /** That of the data sets of before there were others, whose manifests do not name it. */
  public static AnnotationKind first() {
    return ALL.get(0);
  }

  static AnnotationKind of(String word) {
    return ALL.stream()
        .filter(kind -> kind.word().equals(word))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    String.format(
                        Locale.ROOT,
                        "task is '%s', not one of %s",
                        word,
                        ALL.stream().map(AnnotationKind::word).collect(Collectors.joining(", ")))));
  }
}
