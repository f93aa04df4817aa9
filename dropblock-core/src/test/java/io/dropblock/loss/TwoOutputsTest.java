package io.dropblock.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.dropblock.nn.GradientAccumulation;
import io.dropblock.nn.LeanConvolution;
import io.dropblock.nn.NetworkState;
import io.dropblock.nn.pyramid.LevelNet;
import io.dropblock.nn.pyramid.LevelSettings;
import java.util.List;
import java.util.stream.IntStream;
import org.deeplearning4j.gradientcheck.GradientCheckUtil;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.config.Sgd;

/** A detector in small: two levels of 6 x 4 and 3 x 2, 2 anchors, 3 classes. */
class TwoOutputsTest {
  private static final int ANCHORS = 2;
  private static final int CLASSES = 3;
  private static final int ALL = (6 * 4 + 3 * 2) * ANCHORS;
  private static final FocalLoss FOCAL = new FocalLoss(CLASSES, .25, 1.5);
  private static final BoxLoss BOX = new BoxLoss(.1, 50);

  @AfterEach
  void resetDataTypes() {
    Nd4j.setDefaultDataTypes(DataType.FLOAT, DataType.FLOAT);
  }

  @ParameterizedTest
  @EnumSource(
      value = WorkspaceMode.class,
      names = {"ENABLED", "NONE"})
  void gradientsAreThoseOfFiniteDifferences(WorkspaceMode workspaces) {
    Nd4j.setDefaultDataTypes(DataType.DOUBLE, DataType.DOUBLE);
    ComputationGraph network = network(DataType.DOUBLE, workspaces, BOX, 0);
    MultiDataSet batch = batch(DataType.DOUBLE, 2);
    assertThat(
            GradientCheckUtil.checkGradients(
                new GradientCheckUtil.GraphConfig()
                    .net(network)
                    .epsilon(1e-6)
                    .maxRelError(1e-5)
                    .minAbsoluteError(1e-8)
                    .subset(true)
                    .maxPerParam(6)
                    .inputs(batch.getFeatures())
                    .labels(batch.getLabels())))
        .isTrue();
  }

  @ParameterizedTest
  @EnumSource(
      value = DataType.class,
      names = {"FLOAT", "DOUBLE"})
  void scoreIsTheSumOfBothAndOfRegularizationOnce(DataType type) {
    ComputationGraph network = network(type, WorkspaceMode.ENABLED, BOX, .01);
    MultiDataSet batch = batch(type, 3);
    INDArray[] outputs = network.output(batch.getFeatures());
    assertThat(outputs[0].shape()).containsExactly(3, 30, ANCHORS * CLASSES);
    assertThat(outputs[1].shape()).containsExactly(3, 30, ANCHORS * 4);
    double focal = FOCAL.loss(outputs[0], batch.getLabels(0));
    double box = BOX.loss(outputs[1], batch.getLabels(1));
    double decay = network.calcRegularizationScore(true);
    assertThat(List.of(focal, box, decay)).allMatch(part -> part > 1e-3);
    double sum = focal + box + decay;
    assertThat(network.score(batch, true)).isCloseTo(sum, within(1e-5 * sum));
    network.fit(batch);
    assertThat(network.score()).isCloseTo(sum, within(1e-5 * sum));
  }

  /** The mean of the micro-batches' losses, and of their gradients. */
  @Test
  void areTrainedInParts() {
    DataType type = DataType.DOUBLE;
    ComputationGraph parts = network(type, WorkspaceMode.ENABLED, BOX, .01);
    ComputationGraph whole = network(type, WorkspaceMode.ENABLED, BOX, .01);
    INDArray before = whole.params().dup();
    MultiDataSet batch = batch(type, 3);
    List<MultiDataSet> images = IntStream.range(0, 3).mapToObj(image -> one(batch, image)).toList();
    INDArray moved = Nd4j.zeros(type, before.shape());
    double score = 0;
    for (MultiDataSet image : images) {
      whole.params().assign(before);
      whole.fit(image);
      moved.addi(before.sub(whole.params()));
      score += whole.score();
    }
    new GradientAccumulation(parts).fit(images);
    INDArray found = before.sub(parts.params());
    assertThat(found.amaxNumber().doubleValue()).isGreaterThan(1e-3);
    assertThat(found.sub(moved.div(3)).amaxNumber().doubleValue()).isLessThan(1e-12);
    assertThat(parts.score()).isCloseTo(score / 3, within(1e-12));
  }

  @Test
  void passOverTheirInputOnceAStep() {
    Counting counting = new Counting();
    ComputationGraph network = network(DataType.FLOAT, WorkspaceMode.ENABLED, counting, 0);
    MultiDataSet batch = batch(DataType.FLOAT, 2);
    Counting.passes = 0;
    network.fit(batch);
    assertThat(Counting.passes).isOne();
    double first = network.score();
    assertThat(network.score(batch)).isNotEqualTo(first);
    assertThat(Counting.passes).isEqualTo(2);
  }

  /** Nothing of a step before stays. */
  @Test
  void scoreOtherLabelsAnew() {
    ComputationGraph network = network(DataType.DOUBLE, WorkspaceMode.ENABLED, BOX, 0);
    MultiDataSet batch = batch(DataType.DOUBLE, 2);
    network.setInputs(batch.getFeatures());
    network.setLabels(batch.getLabels());
    network.computeGradientAndScore();
    double score = network.score();
    MultiDataSet other = batch(DataType.DOUBLE, 2);
    other.getLabels(0).assign(FocalLoss.NO_OBJECT);
    assertThat(network.score(other)).isNotCloseTo(score, within(1e-3));
    assertThat(network.score(batch)).isCloseTo(score, within(1e-12));
  }

  @Test
  void surviveJsonAndTheirState() {
    ComputationGraph network = network(DataType.FLOAT, WorkspaceMode.ENABLED, BOX, .01);
    ComputationGraphConfiguration configuration = network.getConfiguration();
    assertThat(ComputationGraphConfiguration.fromJson(configuration.toJson()))
        .isEqualTo(configuration);
    assertThat(configuration.clone()).isEqualTo(configuration);
    ComputationGraph restored = NetworkState.of(network).restore();
    MultiDataSet batch = batch(DataType.FLOAT, 2);
    assertThat(restored.score(batch)).isEqualTo(network.score(batch));
    assertThat(restored.score(batch)).isGreaterThan(.1);
  }

  @Test
  void refuseMasksAndMissingLabels() {
    ComputationGraph network = network(DataType.FLOAT, WorkspaceMode.ENABLED, BOX, 0);
    MultiDataSet batch = batch(DataType.FLOAT, 2);
    INDArray mask = Nd4j.ones(2, 30);
    batch.setLabelsMaskArray(new INDArray[] {mask, null});
    assertThatThrownBy(() -> network.fit(batch))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "Cannot compute the loss of 'classes': mask arrays are not taken, the label of an"
                + " anchor without an object is -1");
    batch.setLabelsMaskArray(new INDArray[] {null, mask});
    assertThatThrownBy(() -> network.fit(batch))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "Cannot compute the loss of 'boxes': mask arrays are not taken, the label of an anchor"
                + " without an object begins with 0");
    batch.setLabelsMaskArray(null);
    ComputationGraph other = network(DataType.FLOAT, WorkspaceMode.ENABLED, BOX, 0);
    other.setInputs(batch.getFeatures());
    other.setLabels(batch.getLabels(0), null);
    assertThatThrownBy(other::computeGradientAndScore)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("Cannot compute the loss of 'boxes': it has no labels");
  }

  private static final class Counting extends OutputLoss {
    private static final long serialVersionUID = 1L;
    private static int passes;

    @Override
    double loss(INDArray outputs, INDArray labels) {
      passes++;
      return 1;
    }

    @Override
    double gradient(INDArray outputs, INDArray labels, double factor, INDArray gradient) {
      passes++;
      gradient.assign(0);
      return 1;
    }

    @Override
    String insteadOfMask() {
      return "";
    }

    @Override
    public InputType getOutputType(int index, InputType input) {
      return input;
    }
  }

  private static ComputationGraph network(
      DataType type, WorkspaceMode workspaces, OutputLoss boxes, double l2) {
    ComputationGraphConfiguration configuration =
        new NeuralNetConfiguration.Builder()
            .seed(3)
            .dataType(type)
            .updater(new Sgd(1))
            .l2(l2)
            .trainingWorkspaceMode(workspaces)
            .inferenceWorkspaceMode(workspaces)
            .graphBuilder()
            .addInputs("in")
            .setInputTypes(InputType.convolutional(6, 4, 2, CNN2DFormat.NHWC))
            .addLayer("fine", convolution(1), "in")
            .addLayer("coarse", convolution(2), "fine")
            .addVertex("classNet", net(CLASSES), "fine", "coarse")
            .addVertex("boxNet", net(4), "fine", "coarse")
            .addLayer("classes", FOCAL.clone(), "classNet")
            .addLayer("boxes", boxes.clone(), "boxNet")
            .setOutputs("classes", "boxes")
            .build();
    ComputationGraph network = new ComputationGraph(configuration);
    network.init();
    return network;
  }

  private static LeanConvolution convolution(int stride) {
    return LeanConvolution.of(
        new ConvolutionLayer.Builder(3, 3)
            .nOut(4)
            .stride(stride, stride)
            .convolutionMode(ConvolutionMode.Same));
  }

  private static LevelNet net(int width) {
    return new LevelNet(
        new LevelSettings.Builder(2, 4)
            .outputs(ANCHORS * width, LevelNet.Output.POSITIONS)
            .initialValues(.3, .1)
            .build());
  }

  private static MultiDataSet batch(DataType type, int images) {
    Nd4j.getRandom().setSeed(7);
    INDArray pixels = Nd4j.randn(DataType.DOUBLE, images, 6, 4, 2).castTo(type);
    INDArray classes = Nd4j.valueArrayOf(new long[] {images, ALL}, FocalLoss.NO_OBJECT, type);
    INDArray boxes = Nd4j.zeros(type, images, ALL, 5);
    for (int i = 0; i < images * ALL; i += 3 + i % 4) {
      classes.putScalar(i, i % CLASSES);
      boxes.putScalar(i / ALL, i % ALL, 0, 1);
      for (int number = 1; number < 5; number++) {
        boxes.putScalar(i / ALL, i % ALL, number, ((i * 5 + number * 3) % 11 - 5.5) / 20);
      }
    }
    return new MultiDataSet(new INDArray[] {pixels}, new INDArray[] {classes, boxes});
  }

  private static MultiDataSet one(MultiDataSet batch, int image) {
    return new MultiDataSet(
        new INDArray[] {one(batch.getFeatures(0), image)},
        new INDArray[] {one(batch.getLabels(0), image), one(batch.getLabels(1), image)});
  }

  private static INDArray one(INDArray array, int image) {
    return array.get(NDArrayIndex.interval(image, image + 1)).dup();
  }
}
