package io.dropblock.spark.data.source.imagenet;

import io.dropblock.spark.data.DataException;
import io.dropblock.spark.data.source.Synsets;
import io.dropblock.spark.data.source.matlab.MatStruct;
import io.dropblock.spark.data.source.matlab.MatVariable;
import java.io.IOException;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The classes in a devkit's {@code meta.mat}: the struct array {@code synsets} with the fields
 * {@code ILSVRC2012_ID}, {@code WNID} and {@code num_children}. Those with children are groups of
 * classes and no classes.
 */
final class SynsetTable {
  private static final String STRUCT = "synsets";
  private static final String ID = "ILSVRC2012_ID";
  private static final String WNID = "WNID";
  private static final String CHILDREN = "num_children";
  private static final int MAX_ID = 1_000_000;

  private SynsetTable() {}

  /** Synsets by their number in the devkit, which is not the order of the synsets. */
  static SortedMap<Integer, String> read(String devkit, byte[] meta) {
    SortedMap<Integer, String> classes = new TreeMap<>();
    try {
      MatStruct synsets = MatVariable.struct(meta, STRUCT);
      Set<String> seen = new HashSet<>();
      for (int i = 0; i < synsets.size(); i++) {
        if (synsets.number(CHILDREN, i) == 0) {
          add(classes, seen, synsets, i);
        }
      }
    } catch (IOException e) {
      throw refused(devkit, DataException.reason(e), e);
    }
    if (classes.isEmpty()) {
      throw refused(devkit, "there are no classes in " + STRUCT, null);
    }
    return classes;
  }

  private static void add(
      SortedMap<Integer, String> classes, Set<String> seen, MatStruct synsets, int index)
      throws IOException {
    double id = synsets.number(ID, index);
    String synset = synsets.text(WNID, index);
    if (!Synsets.isId(synset)) {
      throw new IOException(
          String.format(Locale.ROOT, "%s of element %d is no synset", WNID, index + 1));
    }
    if (id != Math.rint(id) || id < 1 || id > MAX_ID) {
      throw new IOException(
          String.format(Locale.ROOT, "%s of element %d is %s", ID, index + 1, id));
    }
    if (classes.put((int) id, synset) != null || !seen.add(synset)) {
      throw new IOException(
          String.format(Locale.ROOT, "%s or its number %d is there twice", synset, (int) id));
    }
  }

  private static DataException refused(String devkit, String reason, Throwable cause) {
    return new DataException("Cannot read meta.mat of devkit " + devkit + ": " + reason, cause);
  }
}
