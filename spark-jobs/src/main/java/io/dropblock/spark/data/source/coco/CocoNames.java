package io.dropblock.spark.data.source.coco;

import io.dropblock.spark.data.Split;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The names that COCO and the tools that export it give to files and folders. */
final class CocoNames {
  /** Folder of the annotations. */
  static final String ANNOTATIONS = "annotations";

  /** Folder of all images. */
  static final String IMAGES = "images";

  /** Beside its images, as Roboflow has it. */
  static final String BESIDE = "_annotations.coco.json";

  private static final Set<String> TRAIN = Set.of("train", "training");
  private static final Set<String> VAL = Set.of("val", "valid", "validation");
  private static final Pattern FILE =
      Pattern.compile(
          "(instances_)?((train|training|val|valid|validation|test)(20[0-9]{2})?)\\.json(\\.gz)?",
          Pattern.CASE_INSENSITIVE);

  private CocoNames() {}

  /** Whether a word, in any case, is one for a split. */
  static boolean isFor(Split split, String word) {
    return (split == Split.TRAIN ? TRAIN : VAL).contains(word.toLowerCase(Locale.ROOT));
  }

  /** Whether a word is one for any split to train or validate on. */
  static boolean isSplit(String word) {
    return isFor(Split.TRAIN, word) || isFor(Split.VAL, word);
  }

  /** Whether a file's simple name is that of annotations of a split. */
  static boolean isFileOf(Split split, String simpleName) {
    Matcher matcher = FILE.matcher(simpleName);
    return matcher.matches() && isFor(split, matcher.group(3));
  }

  /** Whether a file's simple name is that of annotations to test on. */
  static boolean isTestFile(String simpleName) {
    Matcher matcher = FILE.matcher(simpleName);
    return matcher.matches() && matcher.group(3).equalsIgnoreCase("test");
  }

  /** Whether no other tool would call a file so. */
  static boolean isSure(String simpleName) {
    Matcher matcher = FILE.matcher(simpleName);
    return simpleName.equals(BESIDE) || matcher.matches() && matcher.group(1) != null;
  }

  /** The word of a file's simple name for its split with the year, such as {@code train2014}. */
  static String stem(String simpleName) {
    Matcher matcher = FILE.matcher(simpleName);
    return matcher.matches() ? matcher.group(2) : "";
  }

  /** The name that COCO 2017 has for a split's folder: {@code train2017} or {@code val2017}. */
  static String folder2017(Split split) {
    return split.word() + "2017";
  }

  /** The name that COCO 2017 has for a split's annotations. */
  static String annotations2017(Split split) {
    return ANNOTATIONS + "/instances_" + folder2017(split) + ".json";
  }
}
