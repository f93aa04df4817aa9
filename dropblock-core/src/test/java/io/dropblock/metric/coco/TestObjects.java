package io.dropblock.metric.coco;

import java.util.Random;

/** Objects of tests, each as one row of numbers. */
final class TestObjects {
  private TestObjects() {}

  /** A true object whose area is that of its box. */
  static double[] object(int category, double x, double y, double width, double height) {
    return new double[] {category, 0, x, y, width, height};
  }

  /** Many objects in one box. */
  static double[] crowd(int category, double x, double y, double width, double height) {
    return new double[] {category, 1, x, y, width, height};
  }

  static TrueObjects truth(double[]... objects) {
    double[] areas = new double[objects.length];
    boolean[] crowds = new boolean[objects.length];
    for (int i = 0; i < objects.length; i++) {
      areas[i] = objects[i][4] * objects[i][5];
      crowds[i] = objects[i][1] == 1;
    }
    return new TrueObjects(boxes(objects), areas, crowds, categories(objects));
  }

  /**
   * @param objects category, score, x, y, width, height of each
   */
  static FoundObjects found(double[]... objects) {
    double[] scores = new double[objects.length];
    for (int i = 0; i < objects.length; i++) {
      scores[i] = objects[i][1];
    }
    return new FoundObjects(boxes(objects), scores, categories(objects));
  }

  /** Random ones of categories 0 and 1, a fifth of them crowds. */
  static TrueObjects randomTruth(Random random, int size) {
    double[][] objects = new double[size][];
    for (int i = 0; i < size; i++) {
      objects[i] = randomObject(random);
      objects[i][1] = random.nextInt(5) == 0 ? 1 : 0;
    }
    return truth(objects);
  }

  /** Random ones with many equal scores. */
  static FoundObjects randomFound(Random random, int size) {
    double[][] objects = new double[size][];
    for (int i = 0; i < size; i++) {
      objects[i] = randomObject(random);
      objects[i][1] = random.nextInt(10) / 10.;
    }
    return found(objects);
  }

  private static double[] randomObject(Random random) {
    return new double[] {
      random.nextInt(2),
      0,
      random.nextInt(4) * 5,
      random.nextInt(4) * 5,
      20 + random.nextInt(100),
      20 + random.nextInt(100)
    };
  }

  private static double[] boxes(double[][] objects) {
    double[] boxes = new double[4 * objects.length];
    for (int i = 0; i < objects.length; i++) {
      System.arraycopy(objects[i], 2, boxes, 4 * i, 4);
    }
    return boxes;
  }

  private static int[] categories(double[][] objects) {
    int[] categories = new int[objects.length];
    for (int i = 0; i < objects.length; i++) {
      categories[i] = (int) objects[i][0];
    }
    return categories;
  }
}
