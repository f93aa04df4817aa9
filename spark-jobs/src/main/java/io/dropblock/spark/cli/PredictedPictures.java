package io.dropblock.spark.cli;

import io.dropblock.spark.data.DataException;
import io.dropblock.spark.evaluate.example.Example;
import io.dropblock.spark.files.HadoopPath;
import io.dropblock.spark.files.WholeFile;
import io.dropblock.spark.objective.picture.Exhibit;
import io.dropblock.spark.report.ExampleSheet;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** The picture of the first predictions. */
final class PredictedPictures {
  /** Of a picture, pixels: smaller ones have no room for their captions. */
  private static final int MIN_SIDE = 160;

  private PredictedPictures() {}

  /** Draws them into the output's folder; Spark passes over files that begin so. */
  static void draw(List<Exhibit> pictures, Path folder, Configuration configuration) {
    List<Example> shown = new ArrayList<>();
    for (Exhibit picture : pictures) {
      shown.add(new Example(shown.size(), 0, true, picture));
    }
    Path file = HadoopPath.in(folder, "_pictures.png");
    int side = pictures.get(0).panels().get(0).tile().width();
    try {
      byte[] png =
          new ExampleSheet(
                  List.of(new ExampleSheet.Section("predictions", shown, false)),
                  Math.max(MIN_SIDE, side))
              .png();
      WholeFile.replace(HadoopPath.fileSystem(file, configuration), file, png);
      System.out.println("Pictures: " + file);
    } catch (IOException e) {
      throw new DataException(
          "Cannot write pictures to " + file + ": " + DataException.reason(WholeFile.plain(e)), e);
    }
  }
}
