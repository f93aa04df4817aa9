package io.dropblock.spark.data.prepare;

import io.dropblock.spark.data.shard.DatasetManifest;
import io.dropblock.spark.data.shard.PreparationSettings;
import io.dropblock.spark.data.shard.Resize;
import java.util.Locale;
import java.util.Objects;

/**
 * What a staging folder is for: a run goes on with an earlier one's only where this is equal.
 *
 * @param formatVersion of the stored form
 * @param source where the raw data is
 * @param settings of the preparation
 */
record PreparationJob(int formatVersion, String source, PreparationSettings settings) {
  static PreparationJob of(String source, PreparationSettings settings) {
    return new PreparationJob(DatasetManifest.FORMAT_VERSION, source, settings);
  }

  /**
   * The first thing in which an earlier job is another one, or null. Its name and whether it skips
   * broken images may change: neither changes a finished shard.
   */
  String difference(PreparationJob earlier) {
    PreparationSettings then = earlier.settings;
    if (then == null || earlier.formatVersion != formatVersion) {
      return String.format(
          Locale.ROOT, "format version %d, now %d", earlier.formatVersion, formatVersion);
    }
    String difference = difference("source", earlier.source, source);
    difference = or(difference, difference("seed", then.seed(), settings.seed()));
    difference =
        or(
            difference,
            difference("records of a block", then.blockRecords(), settings.blockRecords()));
    difference =
        or(difference, difference("bytes of a block", then.blockBytes(), settings.blockBytes()));
    difference =
        or(difference, difference("bytes of a shard", then.shardBytes(), settings.shardBytes()));
    return or(difference, difference("resize", words(then.resize()), words(settings.resize())));
  }

  private static String words(Resize resize) {
    return resize == null
        ? "none"
        : String.format(
            Locale.ROOT,
            "to a short side of %d with quality %d",
            resize.shortSide(),
            resize.quality());
  }

  private static String or(String first, String second) {
    return first == null ? second : first;
  }

  private static String difference(String what, Object then, Object now) {
    return Objects.equals(then, now)
        ? null
        : String.format(Locale.ROOT, "%s %s, now %s", what, then, now);
  }
}
