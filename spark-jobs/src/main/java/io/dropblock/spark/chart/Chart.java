package io.dropblock.spark.chart;

import java.awt.image.BufferedImage;

/** A drawing of numbers. */
public sealed interface Chart permits ErrorChart, RowChart {
  /** SVG that scales with the page. */
  String svg();

  /** The same in pixels. */
  BufferedImage image();
}
