package io.dropblock.spark.data.source.folder;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The part of a data set that a folder holds by its name, as people spell it. */
enum SplitWord {
  /** To learn from. */
  TRAIN("train", "training"),
  /** To measure on during training. */
  VAL("val", "valid", "validation", "validate", "dev", "eval", "evaluation"),
  /** To measure on at the very end. */
  TEST("test", "testing");

  private final List<String> spellings;

  SplitWord(String... spellings) {
    this.spellings = List.of(spellings);
  }

  /** The usual spelling: {@code train}, {@code val} or {@code test}. */
  String word() {
    return spellings.get(0);
  }

  /** The part that is meant: a spelling in any case, also with {@code set} behind it. */
  static Optional<SplitWord> of(String name) {
    String lower = name.toLowerCase(Locale.ROOT).replaceFirst("(?<=.)[ _-]?set$", "");
    return Arrays.stream(values()).filter(word -> word.spellings.contains(lower)).findFirst();
  }

  /**
   * The part that is meant by one of a name's words, as in {@code seg_train} or {@code val2017}.
   */
  static Optional<SplitWord> in(String name) {
    return Arrays.stream(name.split("[^\\p{L}]+|(?<=\\p{Ll})(?=\\p{Lu})"))
        .flatMap(word -> of(word).stream())
        .findFirst();
  }
}
