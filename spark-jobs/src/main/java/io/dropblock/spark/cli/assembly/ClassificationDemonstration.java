package io.dropblock.spark.cli.assembly;

import io.dropblock.spark.data.source.DrawnShapes;
import io.dropblock.spark.data.source.ImageListing;
import io.dropblock.spark.data.source.folder.ImageFolder;
import io.dropblock.spark.files.HadoopPath;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** Which shape is it? Images in a folder for each class. */
record ClassificationDemonstration() implements Demonstration {
  private static final int TRAIN_PER_CLASS = 320;
  private static final int VAL_PER_CLASS = 64;

  @Override
  public String recipe() {
    return "demo";
  }

  @Override
  public ImageListing draw(Path images, long seed, Configuration configuration) throws IOException {
    new DrawnShapes(seed)
        .write(
            HadoopPath.fileSystem(images, configuration), images, TRAIN_PER_CLASS, VAL_PER_CLASS);
    return ImageFolder.list(images, configuration);
  }
}
