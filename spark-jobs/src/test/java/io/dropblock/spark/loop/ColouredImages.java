package io.dropblock.spark.loop;

import io.dropblock.spark.data.TestImages;
import io.dropblock.spark.data.annotation.ClassLabel;
import io.dropblock.spark.data.shard.ImageRecord;
import io.dropblock.spark.data.shard.TestShards;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A prepared data set that is easy to learn: patches of 32 x 32 pixels, tinted by class. */
final class ColouredImages {
  static final int CLASSES = 4;
  static final int SIZE = 32;
  private static final int TRANSPARENT = 110;

  private ColouredImages() {}

  /** Writes shards with blocks of 32 images, and their manifest. */
  static void write(Path folder, int count) throws IOException {
    List<ImageRecord> records = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      records.add(new ImageRecord(image(i), new ClassLabel(i % CLASSES), "train/" + i + ".jpg"));
    }
    TestShards.write(
        folder,
        TestShards.manifest(
            List.of(TestShards.write(folder, "train-00000.parquet", records, 32)),
            List.of(),
            CLASSES));
  }

  private static byte[] image(int number) {
    BufferedImage image = TestImages.patches(SIZE, SIZE, BufferedImage.TYPE_INT_RGB, number);
    Graphics2D graphics = image.createGraphics();
    Color tint = Color.getHSBColor((float) (number % CLASSES) / CLASSES, 1, 1);
    graphics.setColor(new Color(tint.getRed(), tint.getGreen(), tint.getBlue(), TRANSPARENT));
    graphics.fillRect(0, 0, SIZE, SIZE);
    graphics.dispose();
    return TestImages.encode(image, "jpg");
  }
}
