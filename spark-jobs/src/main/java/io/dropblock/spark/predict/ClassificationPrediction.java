package io.dropblock.spark.predict;

import io.dropblock.spark.data.image.Image;
import io.dropblock.spark.data.image.ShownPixels;
import io.dropblock.spark.objective.picture.Exhibit;
import io.dropblock.spark.objective.picture.Panel;
import io.dropblock.spark.objective.picture.Tile;
import java.util.List;
import java.util.Locale;
import org.apache.parquet.example.data.Group;

/**
 * The most probable classes of an image.
 *
 * @param top the most probable one first
 */
record ClassificationPrediction(List<Said> top) implements Prediction {
  private static final int SIDE = 160;
  private static final int MOST_LINES = 3;

  /** A class and how probable it is. */
  record Said(int label, String name, float probability) {
    void fill(Group group) {
      new NamedClass(label, name).fill(group).append("probability", probability);
    }
  }

  @Override
  public Exhibit exhibit(String name, int image, ShownPixels pixels) {
    Image shown = pixels.image(image, pixels.side(), pixels.side());
    return new Exhibit(
        name,
        top.stream()
            .limit(MOST_LINES)
            .map(said -> String.format(Locale.ROOT, "%.2f %s", said.probability(), said.name()))
            .toList(),
        List.of(new Panel("", Tile.mean(shown, SIDE), true, List.of())),
        List.of());
  }

  @Override
  public void fill(Group row) {
    top.get(0).fill(row);
    Group list = row.addGroup("top");
    top.forEach(said -> said.fill(list.addGroup("list").addGroup("element")));
  }
}
