package io.dropblock.spark.report;

import io.dropblock.spark.data.Histogram;
import io.dropblock.spark.data.Split;
import io.dropblock.spark.data.inspect.DatasetDescription;
import io.dropblock.spark.data.kind.KindTable;
import io.dropblock.spark.data.shard.DatasetManifest;
import io.dropblock.spark.data.shard.Resize;
import io.dropblock.spark.data.shard.Shard;
import io.dropblock.spark.text.Count;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** What is in a data set, as text. */
public final class DatasetTable {
  private static final int ALL_CLASSES = 24;
  private static final int SOME_CLASSES = 5;

  private DatasetTable() {}

  /** The lines to print. */
  public static List<String> lines(DatasetDescription description) {
    DatasetManifest manifest = description.manifest();
    KindTable own = manifest.kind().table();
    List<String> lines = new ArrayList<>();
    lines.add(
        format(
            "%s: %s, %s of %s, images of %s, from %s",
            manifest.settings().name(),
            Count.of(manifest.classes().size(), "class"),
            Count.of(manifest.train().size() + manifest.val().size(), "shard"),
            megabytes(bytes(manifest)),
            megabytes(description.imageBytes()),
            manifest.source()));
    lines.add("stored: " + stored(manifest));
    lines.add("");
    lines.add(format("%-8s %10s   %s", "split", "images", own.balanceTitle()));
    for (Split split : Split.values()) {
      List<Long> counts = description.counts().of(split);
      lines.add(
          format(
              "%-8s %,10d   %s",
              split.word(), manifest.records(split), balance(counts, manifest.classes())));
    }
    lines.add("");
    lines.add(format("%-8s %7s %7s %7s", "pixels", "min", "median", "max"));
    lines.add(sizes("width", description.widths()));
    lines.add(sizes("height", description.heights()));
    lines.add("");
    lines.addAll(own.tables(description.train(), description.val()));
    lines.addAll(classes(description));
    return lines;
  }

  private static String stored(DatasetManifest manifest) {
    Resize resize = manifest.settings().resize();
    return format(
        "blocks of up to %d records, %s, %s left out",
        manifest.settings().blockRecords(),
        resize == null
            ? "original bytes"
            : format(
                "short sides above %d pixels reduced to that, JPEG quality %d",
                resize.shortSide(), resize.quality()),
        manifest.kind().table().broken(manifest.broken().size()));
  }

  private static String balance(List<Long> counts, List<String> classes) {
    int most = order(counts).get(0);
    int least = order(counts).get(counts.size() - 1);
    if (counts.get(most) == 0) {
      return "no images";
    }
    String ratio =
        counts.get(least) == 0
            ? "a class without images"
            : format("ratio %.2f", (double) counts.get(most) / counts.get(least));
    return format(
        "most %,d (%s), least %,d (%s), %s",
        counts.get(most), classes.get(most), counts.get(least), classes.get(least), ratio);
  }

  private static String sizes(String name, Histogram sizes) {
    return format("%-8s %7d %7d %7d", name, sizes.min(), sizes.median(), sizes.max());
  }

  /** All classes of a small set; of a large one those with most and with fewest images of train. */
  private static List<String> classes(DatasetDescription description) {
    List<String> names = description.manifest().classes();
    KindTable own = description.manifest().kind().table();
    List<String> lines = new ArrayList<>();
    lines.add(format("%10s %10s %s  %s", "train", "val", own.titles(), "class"));
    List<Integer> order =
        names.size() <= ALL_CLASSES
            ? IntStream.range(0, names.size()).boxed().toList()
            : order(description.counts().train());
    for (int i = 0; i < order.size(); i++) {
      if (names.size() > ALL_CLASSES && i == SOME_CLASSES) {
        lines.add(format("%10s %10s   %d more", "...", "...", order.size() - 2 * SOME_CLASSES));
        i = order.size() - SOME_CLASSES;
      }
      int label = order.get(i);
      lines.add(
          format(
              "%,10d %,10d %s  %s",
              description.counts().train().get(label),
              description.counts().val().get(label),
              own.cells(description.train(), description.val(), label),
              names.get(label)));
    }
    for (KindTable.Row row : own.more(description.train(), description.val())) {
      lines.add(format("%10s %10s %s  %s", "", "", row.cells(), row.name()));
    }
    return lines;
  }

  /** Labels, the one with most images first; of equal ones the lower label. */
  private static List<Integer> order(List<Long> counts) {
    return IntStream.range(0, counts.size())
        .boxed()
        .sorted(Comparator.comparingLong((Integer label) -> -counts.get(label)))
        .toList();
  }

  private static long bytes(DatasetManifest manifest) {
    return manifest.train().stream().mapToLong(Shard::bytes).sum()
        + manifest.val().stream().mapToLong(Shard::bytes).sum();
  }

  private static String megabytes(long bytes) {
    return format("%,.1f MB", bytes / 1e6);
  }

  private static String format(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
