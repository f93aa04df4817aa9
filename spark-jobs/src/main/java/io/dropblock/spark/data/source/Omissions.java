package io.dropblock.spark.data.source;

import java.util.ArrayList;
import java.util.List;

/** What is left out of a file: the first ones by name, of the others the number. */
final class Omissions {
  /** Those that are named. */
  static final int MOST = 1000;

  private final String file;
  private final List<LeftOut> named = new ArrayList<>();
  private long unnamed;

  /**
   * Nothing so far.
   *
   * @param file that says it, for people
   */
  Omissions(String file) {
    this.file = file;
  }

  void add(String entry, String reason) {
    if (named.size() < MOST) {
      named.add(new LeftOut(file + ", " + entry, reason));
    } else {
      unnamed++;
    }
  }

  List<LeftOut> list() {
    List<LeftOut> list = new ArrayList<>(named);
    if (unnamed > 0) {
      list.add(new LeftOut(file, unnamed + " more entries"));
    }
    return list;
  }
}
