package io.dropblock.spark.data.source;

import io.dropblock.spark.data.annotation.LabelColours;
import io.dropblock.spark.data.annotation.LabelMap;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * A small set for segmentation that needs no download, in the layout of PASCAL VOC 2012 with a list
 * of its own classes, {@code labelmap.txt}: images of several sizes with one to four shapes side by
 * side, dark ones on bright grounds and bright ones on dark, of any hue, size, place and turn, with
 * noise. Neither colour nor brightness says which shape it is. A border of two pixels between
 * classes is void.
 */
public final class DrawnScenes {
  /** Longest side of the images, pixels. */
  public static final int MAX_SIDE = DrawnScene.MAX_SIDE;

  private final SplittableRandom random;

  /**
   * @param seed equal seeds draw equal sets
   */
  public DrawnScenes(long seed) {
    random = new SplittableRandom(seed);
  }

  /** Names of the classes by label. */
  public static List<String> classes() {
    List<String> classes = new ArrayList<>(List.of("background"));
    DrawnScene.SHAPES.forEach(shape -> classes.add(shape.word()));
    return classes;
  }

  /** A single image, the next of the set, as a JPEG file. */
  public byte[] jpeg() throws IOException {
    return new DrawnScene(random).jpeg();
  }

  /**
   * Draws {@code JPEGImages/*.jpg} and {@code SegmentationClass/*.png}, and lists them in {@code
   * ImageSets/Segmentation/{train,val}.txt}.
   *
   * @param folder or a tar, where its name ends in {@code .tar}
   * @param train images to train on
   * @param val images to validate on
   */
  public void write(FileSystem files, Path folder, int train, int val) throws IOException {
    StringBuilder map = new StringBuilder("# label:color_rgb:parts:actions\n");
    for (int label = 0; label < classes().size(); label++) {
      Color colour = new Color(LabelColours.of(label));
      map.append(
          String.format(
              Locale.ROOT,
              "%s:%d,%d,%d::\n",
              classes().get(label),
              colour.getRed(),
              colour.getGreen(),
              colour.getBlue()));
    }
    try (DrawnFiles drawn = DrawnFiles.in(files, folder)) {
      write(drawn, "train", train);
      write(drawn, "val", val);
      drawn.write("labelmap.txt", map.toString().getBytes(StandardCharsets.UTF_8));
    }
  }

  private void write(DrawnFiles folder, String split, int count) throws IOException {
    StringBuilder names = new StringBuilder();
    for (int number = 0; number < count; number++) {
      String name = String.format(Locale.ROOT, "%s_%04d", split, number);
      names.append(name).append('\n');
      DrawnScene scene = new DrawnScene(random);
      folder.write("JPEGImages/" + name + ".jpg", scene.jpeg());
      folder.write("SegmentationClass/" + name + ".png", png(scene));
    }
    folder.write(
        "ImageSets/Segmentation/" + split + ".txt",
        names.toString().getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] png(DrawnScene scene) throws IOException {
    int width = scene.width();
    int[] pixels = scene.map(place -> scene.shapes().get(place).shape() + 1);
    int[] colours = new int[256];
    for (int label = 0; label < colours.length; label++) {
      colours[label] = LabelColours.of(label);
    }
    IndexColorModel palette =
        new IndexColorModel(8, colours.length, colours, 0, false, -1, DataBuffer.TYPE_BYTE);
    BufferedImage map =
        new BufferedImage(width, scene.height(), BufferedImage.TYPE_BYTE_INDEXED, palette);
    for (int i = 0; i < pixels.length; i++) {
      int x = i % width;
      int y = i / width;
      int label = isBorder(pixels, x, y, width) ? LabelMap.VOID : pixels[i];
      map.getRaster().setSample(x, y, 0, label);
    }
    return ShapeCanvas.encoded(map, "png");
  }

  /** Whether one of its neighbours, also across a corner, has another label. */
  private static boolean isBorder(int[] pixels, int x, int y, int width) {
    int height = pixels.length / width;
    for (int row = Math.max(0, y - 1); row <= Math.min(height - 1, y + 1); row++) {
      for (int column = Math.max(0, x - 1); column <= Math.min(width - 1, x + 1); column++) {
        if (pixels[row * width + column] != pixels[y * width + x]) {
          return true;
        }
      }
    }
    return false;
  }
}
