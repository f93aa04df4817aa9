package io.dropblock.spark.predict;

import java.util.List;
import org.apache.parquet.example.data.Group;

/**
 * The most probable classes of an image.
 *
 * @param top the most probable one first
 */
record ClassPrediction(List<Said> top) implements Prediction {

  /** A class and how probable it is. */
  record Said(int label, String name, float probability) {
    void fill(Group group) {
      group.append("label", label).append("class", name).append("probability", probability);
    }
  }

  @Override
  public void fill(Group row) {
    top.get(0).fill(row);
    Group list = row.addGroup("top");
    top.forEach(said -> said.fill(list.addGroup("list").addGroup("element")));
  }
}
