package io.dropblock.spark.data.kind;

import io.dropblock.spark.data.Histogram;
import io.dropblock.spark.data.Split;
import io.dropblock.spark.text.Count;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What objects are in a data set, as text: their sizes, and in how many images there are how many.
 */
record ObjectTable() implements KindTable {
  // Where a column ends and the next one begins.
  private static final int[] EDGES = {0, 1, 2, 4, 8, 16, 32, Integer.MAX_VALUE};

  @Override
  public String balanceTitle() {
    return "class balance, objects";
  }

  @Override
  public String broken(int count) {
    return Count.of(count, "broken image or object", "broken images and objects");
  }

  @Override
  public List<String> tables(ClassTally train, ClassTally val) {
    List<String> lines = new ArrayList<>();
    lines.add(
        format(
            "%-8s %10s %10s %10s %10s %10s",
            "objects", "all", "small", "medium", "large", "crowds"));
    for (Split split : Split.values()) {
      ObjectStatistics objects = of(split, train, val);
      lines.add(
          format(
              "%-8s %,10d %,10d %,10d %,10d %,10d",
              split.word(),
              objects.count(),
              objects.small(),
              objects.medium(),
              objects.large(),
              objects.crowds()));
    }
    lines.add("by the area of the object: small below 32 x 32 pixels, large from 96 x 96");
    lines.add("");
    StringBuilder head = new StringBuilder(format("%-8s", "in image"));
    for (int i = 0; i + 1 < EDGES.length; i++) {
      head.append(format(" %8s", range(EDGES[i], EDGES[i + 1])));
    }
    lines.add(head + format(" %8s %7s", "median", "most"));
    for (Split split : Split.values()) {
      Histogram perImage = of(split, train, val).perImage();
      if (perImage.count() > 0) {
        lines.add(row(split, perImage));
      }
    }
    of(Split.TRAIN, train, val).beyondNote().ifPresent(lines::add);
    lines.add("");
    return lines;
  }

  private static String row(Split split, Histogram perImage) {
    StringBuilder row = new StringBuilder(format("%-8s", split.word()));
    for (int i = 0; i + 1 < EDGES.length; i++) {
      row.append(format(" %,8d", perImage.count(EDGES[i], EDGES[i + 1])));
    }
    return row + format(" %8d %7d", perImage.median(), perImage.max());
  }

  private static String range(int from, int to) {
    if (to == Integer.MAX_VALUE) {
      return from + "+";
    }
    return to - from == 1 ? String.valueOf(from) : from + "-" + (to - 1);
  }

  private static ObjectStatistics of(Split split, ClassTally train, ClassTally val) {
    ClassTally tally =
        switch (split) {
          case TRAIN -> train;
          case VAL -> val;
        };
    return ((ObjectTally) tally).objects();
  }

  private static String format(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
