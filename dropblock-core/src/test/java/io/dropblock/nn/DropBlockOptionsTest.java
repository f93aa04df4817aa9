package io.dropblock.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.dropblock.op.BlockGeometry;
import io.dropblock.op.Normalization;
import io.dropblock.schedule.Linear;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.schedule.ScheduleType;

class DropBlockOptionsTest {
  private static final DropBlockStep STEP = new DropBlockStep(.6, 42, 5, 0);

  @Test
  void sharedChannelsDropTheSameSquares() {
    INDArray own = dropped(new DropBlock.Builder().blockSize(2).build());
    INDArray shared = dropped(new DropBlock.Builder().blockSize(2).sharedChannels(true).build());
    assertThat(channel(own, 0)).isNotEqualTo(channel(own, 1));
    assertThat(channel(shared, 0)).isEqualTo(channel(shared, 1));
  }

  /** Over independent steps: 5 standard deviations, a block of 2 as 4 elements that agree. */
  @Test
  void exactKeepKeepsWhatIsAskedFor() {
    ComputationGraph network =
        Nets.with(new DropBlock.Builder().blockSize(2).exactKeep(true).build());
    DropBlockSites sites = DropBlockSites.of(network);
    INDArray images = Nets.images(DataType.FLOAT, 100);
    double kept = 0;
    int steps = 20;
    for (int step = 0; step < steps; step++) {
      sites.set(new DropBlockStep(.6, 42, step, 0));
      network.feedForward(images, true);
      kept += sites.keptFractions().get("drop") / steps;
      assertThat(sites.expectedFractions()).containsExactly(Map.entry("drop", .6));
    }
    double sigma = Math.sqrt(.6 * .4 * 4 / (100. * steps * 2 * 30));
    double paper = BlockGeometry.clipped(6, 5, 2, 2).expectedKeep(.6);
    assertThat(kept).isCloseTo(.6, within(5 * sigma));
    assertThat(paper).isGreaterThan(.6 + 10 * sigma);
  }

  /** Of the mask that was drawn: 1 where none was, and at its own rate where it has a scale. */
  @Test
  void whatIsExpectedIsTheMeanOfWhatIsKept() {
    ComputationGraph network =
        Nets.with(new DropBlock.Builder().blockSize(2).dropScale(.5).build());
    DropBlockSites sites = DropBlockSites.of(network);
    assertThat(sites.expectedFractions()).containsExactly(Map.entry("drop", 1.));
    sites.set(new DropBlockStep(.6, 42, 0, 0));
    network.feedForward(Nets.images(DataType.FLOAT, 4), true);
    double expected = BlockGeometry.clipped(6, 5, 2, 2).expectedKeep(.8);
    assertThat(sites.expectedFractions().get("drop")).isCloseTo(expected, within(1e-15));
    sites.set(new DropBlockStep(1, 42, 1, 0));
    network.feedForward(Nets.images(DataType.FLOAT, 4), true);
    assertThat(sites.expectedFractions()).containsExactly(Map.entry("drop", 1.));
  }

  @Test
  void normalizationSaysWhatTheRestIsScaledBy() {
    var builder = new DropBlock.Builder().blockSize(2);
    ratios(builder.normalization(Normalization.NONE).build(), ratio -> assertOne(ratio, 1));
    double kept =
        dropped(builder.normalization(Normalization.BATCH).build()).meanNumber().doubleValue();
    ratios(builder.build(), ratio -> assertOne(ratio, 1 / kept));
    INDArray bySample = dropped(builder.normalization(Normalization.SAMPLE).build());
    assertThat(bySample.mean(1, 2, 3)).isNotEqualTo(bySample.mean().broadcast(4));
    INDArray[] pair = pass(builder.build(), 4, 0);
    for (int sample = 0; sample < 4; sample++) {
      double scale = 1 / bySample.slice(sample).meanNumber().doubleValue();
      INDArray expected = pair[0].slice(sample).mul(bySample.slice(sample)).mul(scale);
      assertThat(pair[1].slice(sample).equalsWithEps(expected, 1e-5)).isTrue();
    }
  }

  @Test
  void outputsPerSampleDoNotDependOnTheSplitOfTheBatch() {
    DropBlock layer =
        new DropBlock.Builder().blockSize(3).normalization(Normalization.SAMPLE).build();
    ComputationGraph network = Nets.with(layer);
    DropBlockSites sites = DropBlockSites.of(network);
    INDArray images = Nets.images(DataType.FLOAT, 64);
    sites.set(STEP);
    INDArray whole = network.feedForward(images, true).get("drop").dup();
    for (int first = 0; first < 64; first += 16) {
      sites.set(new DropBlockStep(.6, 42, 5, first));
      var part = NDArrayIndex.interval(first, first + 16);
      INDArray output = network.feedForward(images.get(part).dup(), true).get("drop");
      assertThat(output).isEqualTo(whole.get(part));
    }
  }

  /** Block 1 is dropout, the whole map SpatialDropout, on maps that are no squares, too. */
  @Test
  void theExtremesDropElementsOrChannels() {
    assertThat(DropBlock.dropout().build().geometry(6, 5)).isEqualTo(new BlockGeometry(6, 5, 1, 1));
    DropBlock spatial = DropBlock.spatialDropout().build();
    assertThat(spatial.geometry(6, 5)).isEqualTo(new BlockGeometry(6, 5, 6, 5));
    assertThat(new DropBlock.Builder().blockSize(7).build().geometry(6, 5))
        .isEqualTo(new BlockGeometry(6, 5, 5, 5));
    INDArray kept = dropped(spatial);
    boolean some = false;
    for (int sample = 0; sample < 4; sample++) {
      for (int channel = 0; channel < 2; channel++) {
        double share = channel(kept, channel).slice(sample).meanNumber().doubleValue();
        assertThat(share).isIn(0., 1.);
        some |= share == 0;
      }
    }
    assertThat(some).isTrue();
  }

  @Test
  void survivesJsonAndClone() {
    List<DropBlock> all =
        List.of(
            new DropBlock.Builder().build(),
            new DropBlock.Builder().exactKeep(true).build(),
            new DropBlock.Builder().sharedChannels(true).build(),
            new DropBlock.Builder().normalization(Normalization.SAMPLE).build(),
            DropBlock.spatialDropout().build(),
            new DropBlock.Builder()
                .keepProbability(new Linear(1, .9), 1000, ScheduleType.ITERATION)
                .build());
    for (DropBlock layer : all) {
      ComputationGraphConfiguration graph = Nets.with(layer.clone()).getConfiguration();
      var read = ComputationGraphConfiguration.fromJson(graph.toJson());
      assertThat(read).isEqualTo(graph);
      DropBlock again =
          (DropBlock) ((LayerVertex) read.getVertices().get("drop")).getLayerConf().getLayer();
      again.setLayerName(null);
      assertThat(again.toString()).isEqualTo(layer.toString());
      assertThat(layer.clone()).isEqualTo(layer).hasSameHashCodeAs(layer).isNotSameAs(layer);
    }
    for (int i = 1; i < all.size(); i++) {
      assertThat(all.get(i)).isNotEqualTo(all.get(0));
    }
    assertThat(all.get(5))
        .hasToString(
            "DropBlock(name=null, block=7x7, dropScale=1.0, activeAtInference=false, "
                + "exactKeep=false, sharedChannels=false, normalization=BATCH, "
                + "keepProbability=linear(1.0, 0.9) over 1000 iterations)");
  }

  @Test
  void refusesNoNormalization() {
    assertThatThrownBy(() -> new DropBlock.Builder().normalization(null))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("normalization");
  }

  private static void ratios(DropBlock layer, Consumer<Double> check) {
    INDArray[] pair = pass(layer, 4, 0);
    INDArray before = pair[0].reshape(-1);
    INDArray after = pair[1].reshape(-1);
    for (long i = 0; i < after.length(); i++) {
      if (after.getDouble(i) != 0) {
        check.accept(after.getDouble(i) / before.getDouble(i));
      }
    }
  }

  private static void assertOne(double ratio, double expected) {
    assertThat(ratio).isCloseTo(expected, within(1e-4));
  }

  /** 1 where kept, 0 where dropped. */
  private static INDArray dropped(DropBlock layer) {
    return pass(layer, 4, 0)[1].neq(0).castTo(DataType.FLOAT);
  }

  /** What goes into the layer and what comes out. */
  private static INDArray[] pass(DropBlock layer, int samples, int firstSample) {
    var graph = Nets.begin(WorkspaceMode.NONE, DataType.FLOAT).addLayer("drop", layer, "tanh");
    ComputationGraph network = Nets.end(graph, "drop");
    INDArray images = Nets.images(DataType.FLOAT, samples);
    INDArray before = network.feedForward(images, false).get("tanh").dup();
    DropBlockSites.of(network).set(new DropBlockStep(.6, 42, 5, firstSample));
    return new INDArray[] {before, network.feedForward(images, true).get("drop")};
  }

  private static INDArray channel(INDArray array, int channel) {
    return array.get(NDArrayIndex.all(), NDArrayIndex.point(channel)).dup();
  }
}
