package io.dropblock.spark.cli.assembly;

import io.dropblock.spark.data.source.DrawnScenes;
import io.dropblock.spark.data.source.ImageListing;
import io.dropblock.spark.data.source.voc.Voc2012;
import io.dropblock.spark.data.source.voc.VocTraining;
import io.dropblock.spark.files.HadoopPath;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** Which shapes are where? Images and label maps in the layout of VOC. */
record SegmentationDemonstration() implements Demonstration {
  private static final int TRAIN = 640;
  private static final int VAL = 128;

  @Override
  public String recipe() {
    return "shapes-segmentation";
  }

  @Override
  public ImageListing draw(Path images, long seed, Configuration configuration) throws IOException {
    new DrawnScenes(seed).write(HadoopPath.fileSystem(images, configuration), images, TRAIN, VAL);
    return Voc2012.list(images, VocTraining.OWN, configuration);
  }
}
