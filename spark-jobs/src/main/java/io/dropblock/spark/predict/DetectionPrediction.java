package io.dropblock.spark.predict;

import io.dropblock.metric.coco.FoundObjects;
import io.dropblock.spark.data.image.Image;
import io.dropblock.spark.data.image.PlacedImage;
import io.dropblock.spark.data.image.ShownPixels;
import io.dropblock.spark.objective.DetectionMarks;
import io.dropblock.spark.objective.picture.Exhibit;
import io.dropblock.spark.objective.picture.Mark;
import io.dropblock.spark.objective.picture.Panel;
import io.dropblock.spark.objective.picture.Tile;
import io.dropblock.spark.text.Count;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.parquet.example.data.Group;

/**
 * The objects that were found in an image.
 *
 * @param image as it lies in the square
 * @param found the surest one first, in pixels of the stored image
 * @param classes their names by number
 */
record DetectionPrediction(PlacedImage image, FoundObjects found, List<String> classes)
    implements Prediction {
  private static final int SIDE = 320;

  @Override
  public Exhibit exhibit(String name, int place, ShownPixels pixels) {
    Image shown = pixels.image(place, image.columns(), image.rows());
    List<Mark> marks =
        IntStream.range(0, found.size())
            .filter(i -> found.scores()[i] >= DetectionMarks.LEAST_SCORE)
            .limit(DetectionMarks.MOST)
            .mapToObj(this::mark)
            .toList();
    return new Exhibit(
        name,
        List.of(Count.of(marks.size(), "object") + ", score \u2265 " + DetectionMarks.LEAST_SCORE),
        List.of(new Panel("", Tile.mean(shown, SIDE), true, marks)),
        List.of());
  }

  private Mark mark(int i) {
    double x = found.boxes()[4 * i];
    double y = found.boxes()[4 * i + 1];
    int label = found.categories()[i];
    return new Mark(
        (float) (y / image.height()),
        (float) (x / image.width()),
        (float) ((y + found.boxes()[4 * i + 3]) / image.height()),
        (float) ((x + found.boxes()[4 * i + 2]) / image.width()),
        label,
        DetectionMarks.text(classes.get(label), found.scores()[i]));
  }

  @Override
  public void fill(Group row) {
    row.append("width", image.width()).append("height", image.height());
    Group list = row.addGroup("objects");
    for (int i = 0; i < found.size(); i++) {
      int label = found.categories()[i];
      new NamedClass(label, classes.get(label))
          .fill(list.addGroup("list").addGroup("element"))
          .append("score", (float) found.scores()[i])
          .append("x", (float) found.boxes()[4 * i])
          .append("y", (float) found.boxes()[4 * i + 1])
          .append("width", (float) found.boxes()[4 * i + 2])
          .append("height", (float) found.boxes()[4 * i + 3]);
    }
  }
}
