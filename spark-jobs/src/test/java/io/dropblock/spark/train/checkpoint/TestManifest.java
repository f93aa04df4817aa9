package io.dropblock.spark.train.checkpoint;

import io.dropblock.metric.Scores;
import java.util.List;

/** Manifests of checkpoints whose epochs have 10 steps. */
public final class TestManifest {
  public static final Scores SCORES = Scores.of(new Scores.Score("top-1", .5));
  private static final Checkpoint.Origin ORIGIN =
      new Checkpoint.Origin(
          2, 2, new DataIdentity(List.of("cat", "dog"), 640, 64, 2, "0123", null), List.of());

  private TestManifest() {}

  /** After some epochs, with the last one's scores. */
  public static Checkpoint.Manifest after(int epochs, Best best) {
    return new Checkpoint.Manifest(
        Checkpoint.Manifest.VERSION,
        epochs,
        10L * epochs,
        10,
        64,
        42,
        SCORES,
        best,
        List.of(),
        List.of("java 17"),
        ORIGIN);
  }
}
