package io.dropblock.spark.data.source.tfrecord;

import io.dropblock.spark.data.DataException;
import io.dropblock.spark.data.source.ImageFile;
import io.dropblock.spark.data.source.Synsets;
import io.dropblock.spark.data.source.files.FileTree;
import io.dropblock.spark.data.source.files.SmallFile;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import org.apache.hadoop.conf.Configuration;

/**
 * The names of the classes that TFDS writes beside its records, a line a label.
 *
 * @param title of the file, for errors
 * @param names by label, 2 or more
 */
record RecordClasses(String title, List<String> names) {
  /** What TFDS calls the file, after the feature. */
  static final String FILE = "label.labels.txt";

  /**
   * Reads them.
   *
   * @return null where there is no such file
   * @throws DataException where a name is there twice, or there are fewer than 2
   */
  static RecordClasses beside(FileTree.Entry records, FileTree tree, Configuration configuration) {
    String name = records.name();
    FileTree.Entry entry = tree.file(name.substring(0, name.lastIndexOf('/') + 1) + FILE);
    if (entry == null) {
      return null;
    }
    List<String> names =
        SmallFile.lines(SmallFile.read(entry.container(), entry, configuration)).stream()
            .filter(line -> !line.isEmpty())
            .toList();
    if (names.size() < 2 || new HashSet<>(names).size() < names.size()) {
      throw new DataException(
          "Cannot read "
              + entry.container()
              + ": it does not have 2 or more names of classes, all different");
    }
    return new RecordClasses(entry.container(), names);
  }

  /**
   * Holds them against the names of ImageNet's images, which begin with their class.
   *
   * @throws DataException where the images have other labels
   */
  void check(List<ImageFile> images) {
    for (ImageFile image : images) {
      String file = image.name().substring(image.name().lastIndexOf('/') + 1);
      String synset = file.substring(0, Math.max(0, file.indexOf('_')));
      String name = names.get(image.label());
      if (Synsets.isId(synset) && Synsets.isId(name) && !synset.equals(name)) {
        throw new DataException(
            String.format(
                Locale.ROOT,
                "Cannot read %s: label %d is %s there, but that of %s",
                title,
                image.label(),
                name,
                image.name()));
      }
    }
  }
}
