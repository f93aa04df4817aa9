package io.dropblock.spark.data.source;

import java.awt.geom.AffineTransform;
import java.io.IOException;
import java.util.Locale;
import java.util.SplittableRandom;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * A small labelled image set that needs no download: dark shapes on bright grounds and bright ones
 * on dark, of any hue, size, place and turn, with noise, as JPEG files in a plain image folder. Not
 * trivial, since neither colour nor brightness says anything about the class.
 */
public final class DrawnShapes {
  private static final int SIDE = 32;

  private final SplittableRandom random;

  /**
   * @param seed equal seeds draw equal sets
   */
  public DrawnShapes(long seed) {
    random = new SplittableRandom(seed);
  }

  /**
   * Draws {@code <folder>/{train,val}/<class>/0000.jpg} and so on.
   *
   * @param folder or a tar, where its name ends in {@code .tar}
   * @param trainPerClass images a class to train on
   * @param valPerClass images a class to validate on
   */
  public void write(FileSystem files, Path folder, int trainPerClass, int valPerClass)
      throws IOException {
    try (DrawnFiles drawn = DrawnFiles.in(files, folder)) {
      write(drawn, "train", trainPerClass);
      write(drawn, "val", valPerClass);
    }
  }

  private void write(DrawnFiles folder, String split, int perClass) throws IOException {
    for (DrawnShape shape : DrawnShape.values()) {
      for (int number = 0; number < perClass; number++) {
        folder.write(
            String.format(Locale.ROOT, "%s/%s/%04d.jpg", split, shape.word(), number), draw(shape));
      }
    }
  }

  private byte[] draw(DrawnShape shape) throws IOException {
    boolean bright = random.nextDouble() < .5;
    ShapeCanvas canvas = new ShapeCanvas(SIDE, SIDE, ShapeCanvas.color(bright, random));
    canvas.draw(shape, ShapeCanvas.color(!bright, random), placement());
    canvas.addNoise(random);
    return canvas.jpeg();
  }

  /** From the square of side 2 around the origin to somewhere in the image. */
  private AffineTransform placement() {
    double radius = 8 + 5 * random.nextDouble();
    AffineTransform placement = new AffineTransform();
    placement.translate(place(radius), place(radius));
    placement.rotate(2 * Math.PI * random.nextDouble());
    placement.scale(radius, radius);
    return placement;
  }

  private double place(double radius) {
    return radius + (SIDE - 2 * radius) * random.nextDouble();
  }
}
