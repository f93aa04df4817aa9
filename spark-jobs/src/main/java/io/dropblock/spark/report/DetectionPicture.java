package io.dropblock.spark.report;

import io.dropblock.detection.Detections;
import io.dropblock.spark.data.annotation.ClassColours;
import io.dropblock.spark.data.image.PlacedObjects;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * What a network found in some images: a row each with the image and its true objects on the left,
 * and what was found on the right, with names and scores; below the colours of the classes.
 *
 * @param classes names of all classes by label
 * @param least score of what is shown, 0 to 1
 * @param rows 1 or more
 */
public record DetectionPicture(List<String> classes, double least, List<DetectionRow> rows) {
  private static final int SIDE = 400;

  /** Copies the lists. */
  public DetectionPicture {
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
    return PictureGrid.withFonts("the picture of the detections", this::drawAll);
  }

  private BufferedImage drawAll() {
    PictureGrid grid =
        new PictureGrid(
            List.of(
                "truth", String.format(Locale.ROOT, "found, with a score of at least %.2f", least)),
            SIDE);
    return grid.draw(
        rows.stream().map(row -> List.of(truth(grid, row), found(grid, row))).toList(),
        IntStream.range(0, classes.size())
            .filter(this::shows)
            .mapToObj(label -> new PictureGrid.Entry(ClassColours.of(label), classes.get(label)))
            .toList());
  }

  private BufferedImage truth(PictureGrid grid, DetectionRow row) {
    BoxPainter painter = painter(grid, row);
    PlacedObjects truth = row.truth();
    for (int i = 0; i < truth.count(); i++) {
      painter.add(truth.boxes(), i, truth.labels()[i], classes.get(truth.labels()[i]));
    }
    return painter.picture();
  }

  private BufferedImage found(PictureGrid grid, DetectionRow row) {
    BoxPainter painter = painter(grid, row);
    Detections found = row.found();
    for (int i = 0; i < found.count(); i++) {
      if (isShown(found, i)) {
        int label = found.labels()[i];
        String text = String.format(Locale.ROOT, "%s %.2f", classes.get(label), found.scores()[i]);
        painter.add(found.boxes(), i, label, text);
      }
    }
    return painter.picture();
  }

  private static BoxPainter painter(PictureGrid grid, DetectionRow row) {
    BufferedImage picture = grid.fitted(row.image());
    return new BoxPainter(
        picture,
        (double) picture.getWidth() / row.image().width(),
        (double) picture.getHeight() / row.image().height());
  }

  private boolean isShown(Detections found, int index) {
    return found.scores()[index] >= least;
  }

  private boolean shows(int label) {
    return rows.stream()
        .anyMatch(
            row ->
                IntStream.of(row.truth().labels()).anyMatch(one -> one == label)
                    || IntStream.range(0, row.found().count())
                        .filter(i -> isShown(row.found(), i))
                        .anyMatch(i -> row.found().labels()[i] == label));
  }
}
