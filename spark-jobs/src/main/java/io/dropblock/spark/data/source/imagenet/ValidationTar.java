package io.dropblock.spark.data.source.imagenet;

import io.dropblock.spark.data.DataException;
import io.dropblock.spark.data.Split;
import io.dropblock.spark.data.source.ImageFile;
import io.dropblock.spark.data.source.files.FileTree;
import io.dropblock.spark.text.Count;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The validation tar of ILSVRC2012: images by number, and their labels in another file. */
final class ValidationTar {
  private ValidationTar() {}

  /** Labels each image; one that is missing would shift all behind it, so none may be. */
  static List<ImageFile> images(
      String path, FileTree tree, List<String> classes, ValidationLabels labels) {
    List<FileTree.Entry> entries =
        tree.files().stream()
            .filter(FileTree.Entry::isImage)
            .sorted(Comparator.comparing(FileTree.Entry::simpleName))
            .toList();
    if (entries.size() != labels.synsets().size()) {
      throw new DataException(
          String.format(
              Locale.ROOT,
              "Cannot label %s: it has %s, but %s has %s",
              path,
              Count.of(entries.size(), "image"),
              labels.origin(),
              Count.of(labels.synsets().size(), "label")));
    }
    Map<String, Integer> ranks = new HashMap<>();
    classes.forEach(synset -> ranks.put(synset, ranks.size()));
    List<ImageFile> images = new ArrayList<>(entries.size());
    for (int i = 0; i < entries.size(); i++) {
      FileTree.Entry entry = entries.get(i);
      String expected = String.format(Locale.ROOT, "ILSVRC2012_val_%08d.JPEG", i + 1);
      if (!entry.simpleName().equals(expected)) {
        throw new DataException(
            String.format(
                Locale.ROOT,
                "Cannot label %s: image %d is %s, not %s",
                path,
                i + 1,
                entry.simpleName(),
                expected));
      }
      String synset = labels.synsets().get(i);
      Integer label = ranks.get(synset);
      if (label == null) {
        throw new DataException(
            String.format(
                Locale.ROOT,
                "Cannot label %s: %s is a %s by %s, of which there is no training image",
                path,
                expected,
                synset,
                labels.origin()));
      }
      String name = Split.VAL.word() + "/" + entry.simpleName();
      images.add(new ImageFile(entry.container(), entry.offset(), entry.length(), name, label));
    }
    return images;
  }
}
