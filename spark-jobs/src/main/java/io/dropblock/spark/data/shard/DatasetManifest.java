package io.dropblock.spark.data.shard;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.dropblock.spark.data.Split;
import io.dropblock.spark.data.kind.AnnotationKind;
import io.dropblock.spark.data.kind.AnnotationKinds;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What a stored data set holds: the content of its {@code manifest.json}.
 *
 * @param formatVersion {@link #FORMAT_VERSION}; another one is refused
 * @param kind of what is known of its images; the key {@code task}, which data sets of before there
 *     were others do not have
 * @param settings how it was prepared, with its name
 * @param source where the raw data was, for people
 * @param created when, ISO 8601, or null; the only part that differs between two preparations of
 *     the same input
 * @param classes names of the classes; a label is an index into this list
 * @param broken images, and annotations of the raw data set, that were left out
 * @param train shards to learn from, 1 or more
 * @param val shards to measure on
 * @param counts what the tally of the kind counted; null in data sets of before that
 * @param categoryIds the number of each class in the raw data set, by label, as COCO has them and
 *     its results need them; null where there are none
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonPropertyOrder({"formatVersion", "task"})
public record DatasetManifest(
    int formatVersion,
    @JsonProperty("task") AnnotationKind kind,
    PreparationSettings settings,
    String source,
    String created,
    List<String> classes,
    List<BrokenImage> broken,
    List<Shard> train,
    List<Shard> val,
    ClassCounts counts,
    List<Integer> categoryIds)
    implements Serializable {
  /** The version that this code writes and reads. */
  public static final int FORMAT_VERSION = 1;

  /** Checks that the parts fit together. */
  public DatasetManifest {
    if (formatVersion != FORMAT_VERSION) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "format version is %d, but this program reads %d",
              formatVersion,
              FORMAT_VERSION));
    }
    kind = kind == null ? AnnotationKinds.first() : kind;
    require(settings, "settings");
    require(source, "source");
    classes = List.copyOf(require(classes, "classes"));
    broken = List.copyOf(require(broken, "broken"));
    train = List.copyOf(require(train, "train"));
    val = List.copyOf(require(val, "val"));
    int least = kind.leastClasses();
    if (classes.size() < least || new HashSet<>(classes).size() != classes.size()) {
      throw new IllegalArgumentException(
          "classes are not " + least + " or more different names: " + classes);
    }
    categoryIds = categoryIds == null ? null : List.copyOf(categoryIds);
    if (categoryIds != null) {
      checkIds(categoryIds, classes.size());
    }
    if (train.isEmpty()) {
      throw new IllegalArgumentException("there are no train shards");
    }
    Set<String> files = new HashSet<>();
    checkShards(train, Split.TRAIN, settings, files);
    checkShards(val, Split.VAL, settings, files);
    if (counts != null) {
      checkCounts(kind, counts.train(), classes, train, Split.TRAIN);
      checkCounts(kind, counts.val(), classes, val, Split.VAL);
    }
  }

  /** The shards of a split, in order. */
  public List<Shard> shards(Split split) {
    return switch (split) {
      case TRAIN -> train;
      case VAL -> val;
    };
  }

  /** Number of records of a split. */
  public long records(Split split) {
    return shards(split).stream().mapToLong(Shard::records).sum();
  }

  /** Records in each block of a split, shard after shard: what {@code EpochOrder} permutes. */
  public List<Integer> blockSizes(Split split) {
    return shards(split).stream().flatMap(shard -> shard.blocks().stream()).toList();
  }

  /**
   * A hash of classes and shards, 64 hexadecimal digits: equal for two preparations exactly where
   * their records and the order of these are equal. A checkpoint keeps it to know its data again.
   */
  public String identity() {
    StringBuilder text = new StringBuilder().append(classes);
    for (Split split : Split.values()) {
      shards(split)
          .forEach(
              shard -> text.append('\n').append(shard.file()).append(' ').append(shard.sha256()));
    }
    byte[] hash =
        HashedOutput.sha256Digest().digest(text.toString().getBytes(StandardCharsets.UTF_8));
    return HexFormat.of().formatHex(hash);
  }

  private static <T> T require(T value, String key) {
    if (value == null) {
      throw new IllegalArgumentException(key + " is missing");
    }
    return value;
  }

  /** An image has one class where it has a class: there the counts are also of images. */
  private static void checkIds(List<Integer> ids, int classes) {
    boolean distinct = new HashSet<>(ids).size() == ids.size();
    if (ids.size() != classes || !distinct || ids.stream().anyMatch(id -> id < 0)) {
      throw new IllegalArgumentException(
          "category ids are not " + classes + " different numbers of 0 or more: " + ids);
    }
  }

  private static void checkCounts(
      AnnotationKind kind,
      List<Long> counts,
      List<String> classes,
      List<Shard> shards,
      Split split) {
    long counted = counts.stream().mapToLong(Long::longValue).sum();
    long stored = shards.stream().mapToLong(Shard::records).sum();
    if (counts.size() != classes.size() || kind.hasOneClassAnImage() && counted != stored) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "counts of %s are %d images of %d classes, but the shards have %d of %d",
              split.word(),
              counted,
              counts.size(),
              stored,
              classes.size()));
    }
  }

  private static void checkShards(
      List<Shard> shards, Split split, PreparationSettings settings, Set<String> files) {
    for (Shard shard : shards) {
      if (!shard.file().startsWith(split.word() + "-") || !files.add(shard.file())) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT, "shard %s is listed twice or in the wrong split", shard.file()));
      }
      List<Integer> blocks = shard.blocks();
      for (int i = 0; i < blocks.size(); i++) {
        // Where bytes end a block, too, any may be short.
        boolean full = settings.blockBytes() == null && i < blocks.size() - 1;
        int rows = blocks.get(i);
        if (rows > settings.blockRecords() || full && rows != settings.blockRecords()) {
          throw new IllegalArgumentException(
              String.format(
                  Locale.ROOT,
                  "block %d of shard %s has %d records, not %s%d",
                  i,
                  shard.file(),
                  rows,
                  full ? "" : "up to ",
                  settings.blockRecords()));
        }
      }
    }
  }
}
