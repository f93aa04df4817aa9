package io.dropblock.spark.data.source;

import io.dropblock.spark.data.annotation.LabelColours;
import io.dropblock.spark.data.annotation.LabelMap;
import io.dropblock.spark.files.HadoopPath;
import java.awt.Color;
import java.awt.geom.AffineTransform;
import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.apache.hadoop.fs.FSDataOutputStream;
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
  /** By label, from 1 on; 0 is the background. */
  private static final List<DrawnShape> SHAPES =
      List.of(DrawnShape.CIRCLE, DrawnShape.SQUARE, DrawnShape.TRIANGLE);

  /** Longest side of the images, pixels. */
  public static final int MAX_SIDE = 96;

  private static final int MIN_SIDE = 72;
  private static final int MAX_SHAPES = 4;
  private static final int TRIES = 40;

  /** How far a shape's corners reach, in its radius. */
  private static final double REACH = 1.2;

  private final SplittableRandom random;

  /** Where a shape is, and how large. */
  private record Spot(double x, double y, double radius) {
    boolean meets(Spot other) {
      return Math.hypot(x - other.x, y - other.y) < 1.1 * (radius + other.radius);
    }
  }

  /**
   * @param seed equal seeds draw equal sets
   */
  public DrawnScenes(long seed) {
    random = new SplittableRandom(seed);
  }

  /** Names of the classes by label. */
  public static List<String> classes() {
    List<String> classes = new ArrayList<>(List.of("background"));
    SHAPES.forEach(shape -> classes.add(shape.word()));
    return classes;
  }

  /**
   * Draws {@code JPEGImages/*.jpg} and {@code SegmentationClass/*.png}, and lists them in {@code
   * ImageSets/Segmentation/{train,val}.txt}.
   *
   * @param train images to train on
   * @param val images to validate on
   */
  public void write(FileSystem files, Path folder, int train, int val) throws IOException {
    write(files, folder, "train", train);
    write(files, folder, "val", val);
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
    write(files, folder, "labelmap.txt", map.toString().getBytes(StandardCharsets.UTF_8));
  }

  private void write(FileSystem files, Path folder, String split, int count) throws IOException {
    StringBuilder names = new StringBuilder();
    for (int number = 0; number < count; number++) {
      String name = String.format(Locale.ROOT, "%s_%04d", split, number);
      names.append(name).append('\n');
      draw(files, folder, name);
    }
    write(
        files,
        folder,
        "ImageSets/Segmentation/" + split + ".txt",
        names.toString().getBytes(StandardCharsets.UTF_8));
  }

  private static void write(FileSystem files, Path folder, String name, byte[] bytes)
      throws IOException {
    try (FSDataOutputStream out = files.create(HadoopPath.in(folder, name), true)) {
      out.write(bytes);
    }
  }

  private void draw(FileSystem files, Path folder, String name) throws IOException {
    int width = random.nextInt(MIN_SIDE, MAX_SIDE + 1);
    int height = random.nextInt(MIN_SIDE, MAX_SIDE + 1);
    boolean bright = random.nextDouble() < .5;
    ShapeCanvas image = new ShapeCanvas(width, height, ShapeCanvas.color(bright, random));
    // Its colours are labels.
    ShapeCanvas labels = new ShapeCanvas(width, height, new Color(0));
    for (Spot spot : spots(width, height)) {
      int shape = random.nextInt(SHAPES.size());
      AffineTransform placement = new AffineTransform();
      placement.translate(spot.x(), spot.y());
      placement.rotate(2 * Math.PI * random.nextDouble());
      placement.scale(spot.radius(), spot.radius());
      image.draw(SHAPES.get(shape), ShapeCanvas.color(!bright, random), placement);
      labels.drawWhole(SHAPES.get(shape), new Color(shape + 1), placement);
    }
    image.addNoise(random);
    write(files, folder, "JPEGImages/" + name + ".jpg", image.jpeg());
    write(files, folder, "SegmentationClass/" + name + ".png", png(labels, width, height));
  }

  /** One to as many as were drawn, since each is tried a few times only. */
  private List<Spot> spots(int width, int height) {
    List<Spot> spots = new ArrayList<>();
    int wanted = random.nextInt(1, MAX_SHAPES + 1);
    for (int attempt = 0; attempt < TRIES && spots.size() < wanted; attempt++) {
      double radius = 14 + 10 * random.nextDouble();
      Spot spot = new Spot(place(width, radius), place(height, radius), radius);
      if (spots.stream().noneMatch(spot::meets)) {
        spots.add(spot);
      }
    }
    return spots;
  }

  private double place(int side, double radius) {
    double edge = REACH * radius;
    return edge + (side - 2 * edge) * random.nextDouble();
  }

  private static byte[] png(ShapeCanvas labels, int width, int height) throws IOException {
    int[] colours = new int[256];
    for (int label = 0; label < colours.length; label++) {
      colours[label] = LabelColours.of(label);
    }
    IndexColorModel palette =
        new IndexColorModel(8, colours.length, colours, 0, false, -1, DataBuffer.TYPE_BYTE);
    BufferedImage map = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_INDEXED, palette);
    int[] pixels = labels.pixels();
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
