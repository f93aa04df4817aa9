package io.dropblock.spark.data.prepare;

import static org.assertj.core.api.Assertions.assertThat;

import io.dropblock.spark.data.Split;
import io.dropblock.spark.data.TestImages;
import io.dropblock.spark.data.feed.ClassPreprocessing;
import io.dropblock.spark.data.feed.EpochOrder;
import io.dropblock.spark.data.feed.Feed;
import io.dropblock.spark.data.feed.FeedSettings;
import io.dropblock.spark.data.feed.FeedSource;
import io.dropblock.spark.data.image.CentreCrop;
import io.dropblock.spark.data.image.Normalization;
import io.dropblock.spark.data.kind.ClassLabelKind;
import io.dropblock.spark.data.shard.ChildJvm;
import io.dropblock.spark.data.shard.DatasetManifest;
import io.dropblock.spark.data.shard.PreparationSettings;
import io.dropblock.spark.data.shard.Shard;
import io.dropblock.spark.data.source.ImageFile;
import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Images that are together larger than the heap, all of them in one block by their number. */
class LargeImagesTest {
  private static final int IMAGES = 40;
  private static final int SIDE = 1200;
  private static final int BLOCK = 10 << 20;

  @TempDir private Path folder;

  /** Stores the images and feeds them. */
  static final class StoringMain {
    private StoringMain() {}

    public static void main(String[] arguments) throws Exception {
      Path staging = Path.of(arguments[0]);
      long length = Files.size(Path.of(arguments[1]));
      List<ImageFile> images = new ArrayList<>();
      for (int i = 0; i < IMAGES; i++) {
        images.add(new ImageFile(arguments[1], 0, length, "image" + i, i % 2));
      }
      PreparationSettings settings = PreparationSettings.of("large", 1).withBlockBytes(BLOCK);
      Shard shard =
          new ShardTask("file:" + staging, settings, new ClassLabelKind(), 2)
              .run(new ShardPlan("train-00000.parquet", images), new Configuration(), "1")
              .shard();
      feed(staging, settings, shard);
      System.out.println(shard.blocks());
    }

    private static void feed(Path folder, PreparationSettings settings, Shard shard) {
      DatasetManifest manifest =
          new DatasetManifest(
              DatasetManifest.FORMAT_VERSION,
              new ClassLabelKind(),
              settings,
              "drawn",
              null,
              List.of("a", "b"),
              List.of(),
              List.of(shard),
              List.of(),
              null,
              null);
      FeedSource source =
          new FeedSource(
              folder.toString(),
              manifest,
              Split.TRAIN,
              new ClassPreprocessing(new CentreCrop(32)),
              Normalization.NONE);
      EpochOrder order = EpochOrder.shuffled(source.blockSizes(), 1, 0, 1, 0, IMAGES / 2);
      try (Feed feed = Feed.open(source, order, FeedSettings.of(2, 2), new Configuration())) {
        feed.forEachRemaining(feed::giveBack);
      }
    }
  }

  @Test
  void areStoredAndFedInLittleMemory() throws Exception {
    Files.createDirectories(folder.resolve("staging/_preparation"));
    Path image = folder.resolve("noise.png");
    Files.write(image, noise());
    assertThat(Files.size(image)).isBetween(4L << 20, 5L << 20);
    String blocks =
        ChildJvm.run(
            List.of("-Xmx112m", "-XX:+ExitOnOutOfMemoryError"),
            StoringMain.class,
            folder.resolve("staging").toString(),
            image.toString());
    assertThat(blocks)
        .endsWith(IntStream.range(0, IMAGES / 2).mapToObj(i -> 2).toList().toString());
  }

  private static byte[] noise() {
    BufferedImage image = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
    Random random = new Random(1);
    image.setRGB(0, 0, SIDE, SIDE, random.ints(SIDE * SIDE).toArray(), 0, SIDE);
    return TestImages.encode(image, "png");
  }
}
