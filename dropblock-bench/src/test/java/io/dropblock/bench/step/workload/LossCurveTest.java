package io.dropblock.bench.step.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.dropblock.model.Architecture;
import io.dropblock.model.CifarResNet;
import io.dropblock.model.MapShape;
import io.dropblock.model.Regularization;
import io.dropblock.nn.DropBlockSites;
import io.dropblock.nn.DropBlockStep;
import io.dropblock.onednn.OneDnn;
import io.dropblock.optimizer.Momentum;
import io.dropblock.optimizer.WeightDecay;
import io.dropblock.spark.data.image.BrokenImageException;
import io.dropblock.spark.data.image.CentreCrop;
import io.dropblock.spark.data.image.ImageDecoder;
import io.dropblock.spark.data.image.Normalization;
import io.dropblock.spark.data.source.ImageFile;
import io.dropblock.spark.data.source.folder.ImageFolder;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.apache.hadoop.conf.Configuration;
import org.deeplearning4j.config.DL4JSystemProperties;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The same 50 batches of CIFAR-10, with the same masks, by our layers with oneDNN and by DL4J's
 * without. The rate is constant, as stock DL4J folds it into the velocity: the two forms of the
 * momentum are equal then, and at no other time. Rounding errors grow with every update, the faster
 * the higher the rate.
 */
class LossCurveTest {
  private static final int STEPS = 50;
  private static final int BATCH = 4;
  private static final int SIZE = 32;
  private static final int CLASSES = 10;
  private static final int CHANNELS = 3;

  private static final double LEARNING_RATE = .005;
  private static final double TOLERANCE = 2e-6;

  @Test
  void oneDnnAndOurLayersTrainAsStockDl4jDoes() throws Exception {
    List<MultiDataSet> batches = batches();
    OneDnn.requireHelpers();
    double[] ours = train(network(), batches);
    double[] stock = stock(batches);
    for (int step = 0; step < STEPS; step++) {
      assertThat(ours[step])
          .as("loss of step %d", step)
          .isCloseTo(stock[step], within(TOLERANCE * stock[step]));
    }
    double spread =
        Arrays.stream(ours).max().orElseThrow() - Arrays.stream(ours).min().orElseThrow();
    assertThat(spread).isGreaterThan(0.1);
  }

  /** Layers made while the property is set have no helper, and ND4J's ops then take none either. */
  private static double[] stock(List<MultiDataSet> batches) {
    String property = DL4JSystemProperties.DISABLE_HELPER_PROPERTY;
    String before = System.setProperty(property, "true");
    Nd4j.getEnvironment().allowHelpers(false);
    try {
      ComputationGraph network =
          StockLayers.of(network(), InputType.convolutional(SIZE, SIZE, CHANNELS));
      assertThat(network.getLayers()).allMatch(layer -> layer.getHelper() == null);
      return train(network, batches);
    } finally {
      Nd4j.getEnvironment().allowHelpers(true);
      System.setProperty(property, before);
    }
  }

  private static ComputationGraph network() {
    return Architecture.classifier(new CifarResNet(8), CLASSES)
        .network(
            new MapShape(CHANNELS, SIZE, SIZE),
            Regularization.dropBlock(3, List.of(2, 3)),
            new Momentum(0.9, true, WeightDecay.ofKernelsAndBiases(1e-4)),
            1);
  }

  private static double[] train(ComputationGraph network, List<MultiDataSet> batches) {
    DropBlockSites sites = DropBlockSites.of(network);
    double[] losses = new double[STEPS];
    for (int step = 0; step < STEPS; step++) {
      network.setLearningRate(LEARNING_RATE);
      sites.set(new DropBlockStep(0.9, 1, step, 0));
      network.fit(batches.get(step));
      losses[step] = network.score();
    }
    return losses;
  }

  private static List<MultiDataSet> batches() throws IOException, BrokenImageException {
    Path tar =
        Path.of(System.getProperty("dropblock.test.data", "absent"), "cifar10-imagefolder.tar");
    Assumptions.assumeTrue(
        Files.exists(tar), "no CIFAR-10 at " + tar + " (system property dropblock.test.data)");
    var path = new org.apache.hadoop.fs.Path(tar.toString());
    List<ImageFile> images = new ArrayList<>(ImageFolder.list(path, new Configuration()).train());
    Collections.shuffle(images, new Random(1));
    List<MultiDataSet> batches = new ArrayList<>();
    try (var file = new RandomAccessFile(tar.toFile(), "r")) {
      for (int step = 0; step < STEPS; step++) {
        batches.add(batch(file, images.subList(step * BATCH, (step + 1) * BATCH)));
      }
    }
    return batches;
  }

  private static MultiDataSet batch(RandomAccessFile tar, List<ImageFile> images)
      throws IOException, BrokenImageException {
    int plane = CHANNELS * SIZE * SIZE;
    float[] pixels = new float[BATCH * plane];
    float[] labels = new float[BATCH];
    for (int i = 0; i < BATCH; i++) {
      ImageFile image = images.get(i);
      byte[] bytes = new byte[Math.toIntExact(image.length())];
      tar.seek(image.offset());
      tar.readFully(bytes);
      new CentreCrop(SIZE)
          .apply(
              ImageDecoder.decode(bytes),
              null,
              Normalization.CIFAR10,
              FloatBuffer.wrap(pixels),
              i * plane);
      labels[i] = image.label();
    }
    return new MultiDataSet(
        Nd4j.createFromArray(pixels).reshape('c', BATCH, CHANNELS, SIZE, SIZE),
        Nd4j.createFromArray(labels).reshape('c', BATCH, 1));
  }
}
