package io.dropblock.spark.recipe.grid;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;

/** The grids inside the jar. */
final class BundledGrids {

  // A jar cannot be listed in a plain way; a test compares this with the folder.
  static final List<String> NAMES =
      List.of(
          "cifar10-figure3",
          "cifar10-figure4",
          "cifar10-figure5",
          "cifar10-table1",
          "figure3a",
          "figure3b",
          "figure4",
          "shapes-table3",
          "shapes-table4",
          "table1",
          "table2",
          "table3",
          "table4");

  private BundledGrids() {}

  /** The file of one of the names, as it is. */
  static byte[] text(String name) {
    try (InputStream in = BundledGrids.class.getResourceAsStream("/grids/" + name + ".yaml")) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read bundled grid " + name, e);
    }
  }
}
