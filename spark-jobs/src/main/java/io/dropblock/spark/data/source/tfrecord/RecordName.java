package io.dropblock.spark.data.source.tfrecord;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name of a TFRecord file: {@code train-00017-of-01024}, or as TFDS has it {@code
 * cifar10-train.tfrecord-00000-of-00001}.
 *
 * @param dataSet as TFDS calls it, or null
 * @param split its word for the split
 * @param number of the file, from 0
 * @param count how many the split has
 */
record RecordName(String dataSet, String split, int number, int count) {
  private static final Pattern NAME =
      Pattern.compile("(?:(train|validation)|(\\w+)-(\\w+)\\.tfrecord)-([0-9]{5})-of-([0-9]{5})");

  /** Of a file's simple name; null where it is another file. */
  static RecordName of(String simpleName) {
    Matcher matcher = NAME.matcher(simpleName);
    if (!matcher.matches()) {
      return null;
    }
    return new RecordName(
        matcher.group(2),
        matcher.group(1) == null ? matcher.group(3) : matcher.group(1),
        Integer.parseInt(matcher.group(4)),
        Integer.parseInt(matcher.group(5)));
  }

  /** How the names of a split begin. */
  static String start(String dataSet, String split) {
    return dataSet == null ? split : dataSet + "-" + split + ".tfrecord";
  }

  /** The name of another file of the split. */
  String sibling(int other) {
    return String.format(Locale.ROOT, "%s-%05d-of-%05d", start(dataSet, split), other, count);
  }
}
