package io.dropblock.spark.predict;

import io.dropblock.metric.coco.FoundObjects;
import java.util.List;
import org.apache.parquet.example.data.Group;

/**
 * The objects that were found in an image.
 *
 * @param width of the image, pixels
 * @param height of the image, pixels
 * @param found the surest one first
 * @param classes their names by number
 */
record ObjectPrediction(int width, int height, FoundObjects found, List<String> classes)
    implements Prediction {

  @Override
  public void fill(Group row) {
    row.append("width", width).append("height", height);
    Group list = row.addGroup("objects");
    for (int i = 0; i < found.scores().length; i++) {
      int label = found.categories()[i];
      list.addGroup("list")
          .addGroup("element")
          .append("label", label)
          .append("class", classes.get(label))
          .append("score", (float) found.scores()[i])
          .append("x", (float) found.boxes()[4 * i])
          .append("y", (float) found.boxes()[4 * i + 1])
          .append("width", (float) found.boxes()[4 * i + 2])
          .append("height", (float) found.boxes()[4 * i + 3]);
    }
  }
}
