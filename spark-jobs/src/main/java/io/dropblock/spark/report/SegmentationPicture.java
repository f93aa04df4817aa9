package io.dropblock.spark.report;

import io.dropblock.spark.data.annotation.LabelColours;
import io.dropblock.spark.data.annotation.LabelMap;
import io.dropblock.spark.data.image.LabelImage;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What a network made of some images: a row each with the image, its true classes and the predicted
 * ones side by side, in VOC's colours, and below the names of the classes that are there.
 *
 * @param classes names of all classes by label
 * @param rows 1 or more
 */
public record SegmentationPicture(List<String> classes, List<SegmentationRow> rows) {
  private static final PictureGrid GRID =
      new PictureGrid(List.of("image", "truth", "prediction"), 200);

  /** Copies the lists. */
  public SegmentationPicture {
    classes = List.copyOf(classes);
    rows = List.copyOf(rows);
    if (rows.isEmpty()) {
      throw new IllegalArgumentException("Cannot draw a picture of no images");
    }
  }

  /** Writes it as a PNG; the same rows give the same file with the same Java and fonts. */
  public void write(OutputStream out) throws IOException {
    PictureGrid.write(draw(), out);
  }

  BufferedImage draw() {
    return PictureGrid.withFonts("the picture of the segmentation", this::drawAll);
  }

  private BufferedImage drawAll() {
    return GRID.draw(
        rows.stream()
            .map(
                row ->
                    List.of(
                        GRID.fitted(row.image()),
                        GRID.fitted(pixels(row.truth()), false),
                        GRID.fitted(pixels(row.predicted()), false)))
            .toList(),
        legend());
  }

  private static BufferedImage pixels(LabelImage map) {
    BufferedImage pixels = new BufferedImage(map.width(), map.height(), BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < map.labels().length; i++) {
      int colour = LabelColours.of(map.labels()[i] & 0xFF);
      pixels.setRGB(i % map.width(), i / map.width(), colour);
    }
    return pixels;
  }

  /** In the order of the labels, void last. */
  private List<PictureGrid.Entry> legend() {
    List<PictureGrid.Entry> legend = new ArrayList<>();
    IntStream.range(0, classes.size())
        .filter(this::shows)
        .forEach(label -> legend.add(entry(label, classes.get(label))));
    if (shows(LabelMap.VOID)) {
      legend.add(entry(LabelMap.VOID, "void"));
    }
    return legend;
  }

  private static PictureGrid.Entry entry(int label, String name) {
    return new PictureGrid.Entry(new Color(LabelColours.of(label)), name);
  }

  private boolean shows(int label) {
    return rows.stream().anyMatch(row -> row.shows(label));
  }
}
