package io.dropblock.spark.data.source.imagenet;

import io.dropblock.spark.data.DataException;
import io.dropblock.spark.data.Split;
import io.dropblock.spark.data.source.ImageFile;
import io.dropblock.spark.data.source.LeftOut;
import io.dropblock.spark.data.source.Synsets;
import io.dropblock.spark.data.source.files.FileTree;
import io.dropblock.spark.data.source.files.PassedOver;
import io.dropblock.spark.data.source.files.Tar;
import io.dropblock.spark.files.HadoopPath;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * The tar of one class within the training tar of ILSVRC2012.
 *
 * @param synset of the class
 * @param label its rank among the sorted synsets
 * @param entry where it lies within the training tar
 */
record ClassTar(String synset, int label, FileTree.Entry entry) implements Serializable {
  private static final String SUFFIX = ".tar";

  /** What one of them holds. */
  record Images(ArrayList<ImageFile> files, PassedOver passed, ArrayList<LeftOut> leftOut)
      implements Serializable {}

  /** All in a training tar, sorted by synset. */
  static List<ClassTar> of(Path path, FileTree train) {
    SortedMap<String, FileTree.Entry> entries = new TreeMap<>();
    for (FileTree.Entry entry : train.files()) {
      String name = entry.simpleName();
      String synset = name.endsWith(SUFFIX) ? name.substring(0, name.length() - 4) : "";
      if (Synsets.isId(synset) && entries.put(synset, entry) != null) {
        throw new DataException("Cannot list " + path + ": it has " + name + " twice");
      }
    }
    if (entries.size() < 2) {
      throw new DataException(
          String.format(
              Locale.ROOT,
              "Cannot list %s: %d of its entries are tars of a class such as n01440764.tar, 2 or more are needed",
              path,
              entries.size()));
    }
    List<ClassTar> tars = new ArrayList<>();
    entries.forEach((synset, entry) -> tars.add(new ClassTar(synset, tars.size(), entry)));
    return tars;
  }

  /** Reads the headers of this tar. */
  Images images(Configuration configuration) throws IOException {
    Path outer = new Path(entry.container());
    FileTree tree = Tar.readInner(HadoopPath.fileSystem(outer, configuration), entry);
    ArrayList<ImageFile> files = new ArrayList<>();
    for (FileTree.Entry file : tree.files()) {
      if (file.isImage()) {
        String name = Split.TRAIN.word() + "/" + synset + "/" + file.name();
        files.add(new ImageFile(file.container(), file.offset(), file.length(), name, label));
      }
    }
    if (files.isEmpty()) {
      throw new DataException(
          String.format(
              Locale.ROOT, "Cannot list entry %s of %s: it has no images", entry.name(), outer));
    }
    return new Images(
        files, tree.passedOver(FileTree.Entry::isImage, ""), new ArrayList<>(tree.leftOut()));
  }
}
