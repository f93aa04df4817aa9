package io.dropblock.spark.cli.assembly;

import io.dropblock.spark.data.kind.AnnotationKind;
import io.dropblock.spark.data.shard.ClassCounts;
import io.dropblock.spark.data.shard.DatasetManifest;
import io.dropblock.spark.data.shard.PreparationSettings;
import io.dropblock.spark.data.shard.Shard;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/** Data sets of which there is nothing but the manifest. */
final class Manifests {
  private Manifests() {}

  /**
   * Of classes called {@code class0} and so on.
   *
   * @param categoryIds of the raw data set, or null
   */
  static DatasetManifest of(AnnotationKind kind, int classes, List<Integer> categoryIds) {
    return of(kind, classes, categoryIds, null);
  }

  /** The same with what was counted. */
  static DatasetManifest of(
      AnnotationKind kind, int classes, List<Integer> categoryIds, ClassCounts counts) {
    return new DatasetManifest(
        DatasetManifest.FORMAT_VERSION,
        kind,
        PreparationSettings.of("test", 1),
        "nowhere",
        null,
        IntStream.range(0, classes).mapToObj(label -> "class" + label).toList(),
        List.of(),
        List.of(shard("train-00000.parquet")),
        List.of(shard("val-00000.parquet")),
        counts,
        categoryIds);
  }

  private static Shard shard(String file) {
    return new Shard(file, 1, String.join("", Collections.nCopies(64, "0")), List.of(1));
  }
}
