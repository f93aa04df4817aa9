package io.dropblock.spark.cli.assembly;

import io.dropblock.nn.pyramid.LabelMaps;
import io.dropblock.spark.data.feed.Batch;
import io.dropblock.spark.data.feed.LabelMapTargets;
import io.dropblock.spark.data.source.DrawnScenes;
import io.dropblock.spark.data.source.ImageListing;
import io.dropblock.spark.data.source.voc.Voc2012;
import io.dropblock.spark.data.source.voc.VocTraining;
import io.dropblock.spark.files.HadoopPath;
import io.dropblock.spark.files.WholeFile;
import io.dropblock.spark.report.SegmentationPicture;
import io.dropblock.spark.report.SegmentationRow;
import io.dropblock.spark.train.RunFolder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** Which shapes are where? Images and label maps in the layout of VOC. */
record SegmentationDemonstration() implements Demonstration {
  private static final int TRAIN = 640;
  private static final int VAL = 128;
  private static final int SHOWN = 6;

  @Override
  public String recipe() {
    return "shapes-segmentation";
  }

  @Override
  public ImageListing draw(Path images, long seed, Configuration configuration) throws IOException {
    new DrawnScenes(seed).write(HadoopPath.fileSystem(images, configuration), images, TRAIN, VAL);
    return Voc2012.list(images, VocTraining.OWN, configuration);
  }

  @Override
  public Optional<Path> picture(
      RecipeParts parts, Path data, RunFolder run, Configuration configuration) throws IOException {
    ShownBatch shown = ShownBatch.of(parts, data, run, SHOWN, configuration);
    Path picture = HadoopPath.in(run.path(), "segmentation.png");
    ByteArrayOutputStream drawn = new ByteArrayOutputStream();
    new SegmentationPicture(shown.source().manifest().classes(), rows(shown)).write(drawn);
    WholeFile.replace(run.files(), picture, drawn.toByteArray());
    return Optional.of(picture);
  }

  private static List<SegmentationRow> rows(ShownBatch shown) {
    Batch batch = shown.batch();
    LabelMapTargets truth = (LabelMapTargets) batch.targets();
    byte[] predicted = LabelMaps.argMax(shown.outputs()[0], batch.height(), batch.width());
    return IntStream.range(0, batch.size())
        .mapToObj(
            image ->
                SegmentationRow.of(
                    batch.pixels(),
                    shown.source().normalization(),
                    image,
                    batch.width(),
                    truth.labels(),
                    predicted))
        .toList();
  }
}
