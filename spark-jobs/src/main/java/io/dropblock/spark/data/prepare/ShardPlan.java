package io.dropblock.spark.data.prepare;

import io.dropblock.spark.data.KeyedRandom;
import io.dropblock.spark.data.Split;
import io.dropblock.spark.data.shard.DatasetManifest;
import io.dropblock.spark.data.shard.HashedOutput;
import io.dropblock.spark.data.shard.PreparationSettings;
import io.dropblock.spark.data.shard.Resize;
import io.dropblock.spark.data.shard.ShardWriter;
import io.dropblock.spark.data.source.ImageFile;
import io.dropblock.spark.data.source.ImageListing;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/**
 * What goes into one shard: the unit of work of a preparation.
 *
 * <p>The number of shards depends on the input and the settings alone, never on the cluster. It is
 * the larger of two: so many that a shard has about {@code shardBytes}, and so many that a small
 * data set still gives up to 16 tasks something to do, as long as each keeps 8 blocks. All shards
 * but the last of a split have the same number of records; training records are shuffled over all
 * shards first, so that a block mixes the classes.
 *
 * <p>Where images are so large that bytes end a block ({@link ShardWriter}), a block is reckoned by
 * their mean length. Lengths are those in the listing; how long an image will be that is made
 * smaller is not known before, and reckoned as a byte for each pixel of a square of its short side.
 *
 * @param file name of the shard
 * @param images its images, in the order they are stored in
 */
record ShardPlan(String file, List<ImageFile> images) implements Serializable {
  private static final int TASKS = 16;
  private static final int MIN_BLOCKS = 8;

  static List<ShardPlan> of(ImageListing listing, Split split, PreparationSettings settings) {
    List<ImageFile> images = listing.files(split);
    if (split == Split.TRAIN) {
      int[] order = KeyedRandom.of(settings.seed(), split.ordinal()).permutation(images.size());
      List<ImageFile> sorted = images;
      images = Arrays.stream(order).mapToObj(sorted::get).toList();
    }
    int perShard = recordsPerShard(images, settings);
    List<ShardPlan> plans = new ArrayList<>();
    for (int from = 0; from < images.size(); from += perShard) {
      int to = Math.min(images.size(), from + perShard);
      String file = String.format(Locale.ROOT, "%s-%05d.parquet", split.word(), plans.size());
      // A copy, because a part of a list cannot be sent to a task.
      plans.add(new ShardPlan(file, new ArrayList<>(images.subList(from, to))));
    }
    return plans;
  }

  /** A hash of all that decides the bytes of this shard, 64 hexadecimal digits. */
  String fingerprint(PreparationSettings settings) {
    MessageDigest digest = HashedOutput.sha256Digest();
    String head =
        String.format(
            Locale.ROOT,
            "%d %s %d %d %s\n",
            DatasetManifest.FORMAT_VERSION,
            file,
            settings.blockRecords(),
            settings.mostBlockBytes(),
            settings.resize());
    digest.update(head.getBytes(StandardCharsets.UTF_8));
    for (ImageFile image : images) {
      String line = image.length() + " " + image.name() + " " + image.truth() + "\n";
      digest.update(line.getBytes(StandardCharsets.UTF_8));
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  static int recordsPerShard(List<ImageFile> images, PreparationSettings settings) {
    long bytes = images.stream().mapToLong(ImageFile::length).sum();
    long perBlock = recordsPerBlock(bytes / Math.max(1, images.size()), settings);
    long blocks = divideUp(images.size(), perBlock);
    long bySize = divideUp(bytes, settings.shardBytes());
    long byTasks = Math.min(TASKS, divideUp(blocks, MIN_BLOCKS));
    long shards = Math.max(1, Math.max(bySize, byTasks));
    long perShard = Math.max(1, divideUp(blocks, shards)) * perBlock;
    return (int) Math.min(perShard, Integer.MAX_VALUE / 2);
  }

  private static long recordsPerBlock(long imageBytes, PreparationSettings settings) {
    Resize resize = settings.resize();
    long stored =
        resize == null
            ? imageBytes
            : Math.min(imageBytes, (long) resize.shortSide() * resize.shortSide());
    return Math.max(
        1, Math.min(settings.blockRecords(), settings.mostBlockBytes() / Math.max(1, stored)));
  }

  private static long divideUp(long a, long b) {
    return (a + b - 1) / b;
  }
}
