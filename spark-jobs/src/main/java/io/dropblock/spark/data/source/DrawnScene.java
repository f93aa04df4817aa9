package io.dropblock.spark.data.source;

import java.awt.Color;
import java.awt.geom.AffineTransform;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntUnaryOperator;

/**
 * An image with one to four shapes side by side, dark ones on a bright ground or bright ones on a
 * dark one, of any hue, size, place and turn, with noise. Neither colour nor brightness says which
 * shape it is.
 */
final class DrawnScene {
  /** Those that are drawn. */
  static final List<DrawnShape> SHAPES =
      List.of(DrawnShape.CIRCLE, DrawnShape.SQUARE, DrawnShape.TRIANGLE);

  /** Longest side, pixels. */
  static final int MAX_SIDE = 96;

  private static final int MIN_SIDE = 72;
  private static final int MAX_SHAPES = 4;
  private static final int TRIES = 40;

  /** How far a shape's corners reach, in its radius. */
  private static final double REACH = 1.2;

  private final int width;
  private final int height;
  private final ShapeCanvas image;
  private final List<Placed> shapes = new ArrayList<>();

  /**
   * A shape where it is.
   *
   * @param shape index in {@link #SHAPES}
   * @param placement from the square of side 2 around the origin to the image
   */
  record Placed(int shape, AffineTransform placement) {}

  /** Where a shape is, and how large. */
  private record Spot(double x, double y, double radius) {
    boolean meets(Spot other) {
      return Math.hypot(x - other.x, y - other.y) < 1.1 * (radius + other.radius);
    }
  }

  /** Draws another one. */
  DrawnScene(SplittableRandom random) {
    width = random.nextInt(MIN_SIDE, MAX_SIDE + 1);
    height = random.nextInt(MIN_SIDE, MAX_SIDE + 1);
    boolean bright = random.nextDouble() < .5;
    image = new ShapeCanvas(width, height, ShapeCanvas.color(bright, random));
    for (Spot spot : spots(random)) {
      int shape = random.nextInt(SHAPES.size());
      AffineTransform placement = new AffineTransform();
      placement.translate(spot.x(), spot.y());
      placement.rotate(2 * Math.PI * random.nextDouble());
      placement.scale(spot.radius(), spot.radius());
      image.draw(SHAPES.get(shape), ShapeCanvas.color(!bright, random), placement);
      shapes.add(new Placed(shape, placement));
    }
    image.addNoise(random);
  }

  /** One to as many as were drawn, since each is tried a few times only. */
  private List<Spot> spots(SplittableRandom random) {
    List<Spot> spots = new ArrayList<>();
    int wanted = random.nextInt(1, MAX_SHAPES + 1);
    for (int attempt = 0; attempt < TRIES && spots.size() < wanted; attempt++) {
      double radius = 14 + 10 * random.nextDouble();
      Spot spot = new Spot(place(width, radius, random), place(height, radius, random), radius);
      if (spots.stream().noneMatch(spot::meets)) {
        spots.add(spot);
      }
    }
    return spots;
  }

  private static double place(int side, double radius, SplittableRandom random) {
    double edge = REACH * radius;
    return edge + (side - 2 * edge) * random.nextDouble();
  }

  int width() {
    return width;
  }

  int height() {
    return height;
  }

  /** The shapes in the order in which they were drawn. */
  List<Placed> shapes() {
    return List.copyOf(shapes);
  }

  byte[] jpeg() throws IOException {
    return image.jpeg();
  }

  /**
   * Which shape each pixel is of: that which its middle lies in, the last one of several.
   *
   * @param number above 0 for a shape, by its place in {@link #shapes}
   * @return rows from the top; 0 where there is no shape
   */
  int[] map(IntUnaryOperator number) {
    // Its colours are numbers.
    ShapeCanvas map = new ShapeCanvas(width, height, new Color(0));
    for (int i = 0; i < shapes.size(); i++) {
      Placed placed = shapes.get(i);
      map.drawWhole(
          SHAPES.get(placed.shape()), new Color(number.applyAsInt(i)), placed.placement());
    }
    return map.pixels();
  }
}
