package io.dropblock.spark.cli.assembly;

import io.dropblock.detection.Detections;
import io.dropblock.spark.data.feed.Batch;
import io.dropblock.spark.data.feed.ObjectTargets;
import io.dropblock.spark.data.source.DrawnObjects;
import io.dropblock.spark.data.source.ImageListing;
import io.dropblock.spark.data.source.coco.Coco;
import io.dropblock.spark.files.HadoopPath;
import io.dropblock.spark.files.WholeFile;
import io.dropblock.spark.objective.Detection;
import io.dropblock.spark.objective.DetectionMarks;
import io.dropblock.spark.report.DetectionPicture;
import io.dropblock.spark.report.DetectionRow;
import io.dropblock.spark.train.RunFolder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** Where are which shapes? Images and boxes in the layout of COCO. */
record DetectionDemonstration() implements Demonstration {
  private static final int TRAIN = 640;
  private static final int VAL = 128;
  private static final int SHOWN = 6;

  @Override
  public String recipe() {
    return "shapes-detection";
  }

  @Override
  public ImageListing draw(Path images, long seed, Configuration configuration) throws IOException {
    new DrawnObjects(seed).write(HadoopPath.fileSystem(images, configuration), images, TRAIN, VAL);
    return Coco.list(images, configuration);
  }

  @Override
  public Optional<Path> picture(
      RecipeParts parts, Path data, RunFolder run, Configuration configuration) throws IOException {
    ShownBatch shown = ShownBatch.of(parts, data, run, SHOWN, configuration);
    Path picture = HadoopPath.in(run.path(), "detection.png");
    ByteArrayOutputStream drawn = new ByteArrayOutputStream();
    new DetectionPicture(
            shown.source().manifest().classes(), DetectionMarks.LEAST_SCORE, rows(shown))
        .write(drawn);
    WholeFile.replace(run.files(), picture, drawn.toByteArray());
    return Optional.of(picture);
  }

  private static List<DetectionRow> rows(ShownBatch shown) {
    Batch batch = shown.batch();
    ObjectTargets truth = (ObjectTargets) batch.targets();
    // of a network that was measured: its outputs are finite
    List<Detections> found =
        ((Detection) shown.objective())
            .detections(shown.outputs(), truth).stream().map(Optional::orElseThrow).toList();
    return IntStream.range(0, batch.size())
        .mapToObj(
            image ->
                DetectionRow.of(
                    batch.pixels(),
                    shown.source().normalization(),
                    image,
                    batch.width(),
                    truth.images().get(image),
                    found.get(image)))
        .toList();
  }
}
