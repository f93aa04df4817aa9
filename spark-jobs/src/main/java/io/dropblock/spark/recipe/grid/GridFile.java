package io.dropblock.spark.recipe.grid;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dropblock.schedule.NearestName;
import io.dropblock.spark.recipe.yaml.Problem;
import io.dropblock.spark.recipe.yaml.RecipeException;
import io.dropblock.spark.recipe.yaml.RecordReader;
import io.dropblock.spark.recipe.yaml.Spelling;
import io.dropblock.spark.recipe.yaml.YamlFile;
import java.util.ArrayList;
import java.util.List;

/** From a name or a path to a grid. */
final class GridFile {
  private GridFile() {}

  static Grid read(String nameOrPath) {
    String what = "Cannot load grid " + Spelling.line(nameOrPath);
    ObjectNode tree;
    try {
      byte[] bytes = YamlFile.isPath(nameOrPath) ? YamlFile.read(nameOrPath) : bundled(nameOrPath);
      tree = YamlFile.block("grid", nameOrPath, bytes);
    } catch (IllegalArgumentException e) {
      throw new RecipeException(what, e.getMessage());
    }
    List<Problem> problems = new ArrayList<>();
    return RecordReader.read(tree, Grid.class, problems)
        .filter(grid -> problems.isEmpty())
        .orElseThrow(() -> new RecipeException(what, problems));
  }

  private static byte[] bundled(String name) {
    if (BundledGrids.NAMES.contains(name)) {
      return BundledGrids.text(name);
    }
    String meant =
        NearestName.of(name, BundledGrids.NAMES)
            .map(near -> ", did you mean " + near + "?")
            .orElse(".");
    throw new IllegalArgumentException(
        "no bundled grid has this name"
            + meant
            + " Bundled are "
            + String.join(", ", BundledGrids.NAMES)
            + "; for a file of your own give a path that ends in .yaml");
  }
}
