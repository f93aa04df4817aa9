package io.dropblock.spark.cli.assembly;

import io.dropblock.nn.FloatArrays;
import io.dropblock.nn.FoldedNetwork;
import io.dropblock.nn.NetworkState;
import io.dropblock.nn.pyramid.LabelMaps;
import io.dropblock.spark.data.feed.Batch;
import io.dropblock.spark.data.feed.EpochOrder;
import io.dropblock.spark.data.feed.Feed;
import io.dropblock.spark.data.feed.FeedSettings;
import io.dropblock.spark.data.feed.FeedSource;
import io.dropblock.spark.data.feed.LabelMapTargets;
import io.dropblock.spark.data.image.Normalization;
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
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;

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
      Experiment experiment, Path data, RunFolder run, Configuration configuration)
      throws IOException {
    FeedSource source =
        experiment
            .evaluation(data, experiment.dataset(data, configuration), configuration, 1)
            .source();
    NetworkState best = run.checkpoints().named("best", line -> {}).network();
    EpochOrder order = EpochOrder.sequential(source.blockSizes(), 1, 0, SHOWN);
    Path picture = HadoopPath.in(run.path(), "segmentation.png");
    ByteArrayOutputStream drawn = new ByteArrayOutputStream();
    try (Feed feed = Feed.open(source, order, FeedSettings.of(1, 1), configuration)) {
      new SegmentationPicture(
              source.manifest().classes(),
              rows(feed.next(), FoldedNetwork.of(best.restore()), source.normalization()))
          .write(drawn);
    }
    WholeFile.replace(run.files(), picture, drawn.toByteArray());
    return Optional.of(picture);
  }

  private static List<SegmentationRow> rows(
      Batch batch, ComputationGraph network, Normalization normalization) {
    LabelMapTargets truth = (LabelMapTargets) batch.targets();
    INDArray logits =
        network.outputSingle(
            FloatArrays.over(
                batch.pixels(), batch.size(), batch.channels(), batch.height(), batch.width()));
    byte[] predicted = LabelMaps.argMax(logits, batch.height(), batch.width());
    return IntStream.range(0, batch.size())
        .mapToObj(
            image ->
                SegmentationRow.of(
                    batch.pixels(), normalization, image, batch.width(), truth.labels(), predicted))
        .toList();
  }
}
