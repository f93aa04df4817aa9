package io.dropblock.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.dropblock.nn.ChannelsLast;
import io.dropblock.nn.GradientAccumulation;
import io.dropblock.nn.LeanConvolution;
import io.dropblock.nn.NetworkState;
import java.util.List;
import org.deeplearning4j.gradientcheck.GradientCheckUtil;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.config.Sgd;

class PixelCrossEntropyTest {
  private static final double[] LOGITS = {
    1.5, -2, .25, 0, 3, 1, -1, -1, 4, 2, 2, 2, .5, -.5, 0, 7, 1, -3, -4, .125, 1, 6, 5, 4, 0, 0, 1,
    1e4, -1e4, 0, -1e4, 1e4, 1e4, 3, -2, 8
  };
  private static final double[] LABELS = {0, 2, 255, 1, 255, 2, 255, 1, 0, 1, 0, 255};

  /** By PyTorch 1.13, cross_entropy with ignore_index=255 in double. */
  private static final double LOSS = 5002.149788425149;

  private static final double[] GRADIENT = {
    -0.030065851737877222,
    0.002866762874942553,
    0.027199088862934654,
    0.005251258266758256,
    0.10547434181016745,
    -0.1107256000769257,
    0,
    0,
    0,
    0.041666666666666664,
    -0.08333333333333334,
    0.041666666666666664,
    0,
    0,
    0,
    0.12468527539945981,
    0.00030906389779465534,
    -0.12499433929725445,
    0,
    0,
    0,
    0.08315511947185272,
    -0.09440894111815029,
    0.011253821646297554,
    -0.09850730529786432,
    0.02649269470213568,
    0.07201461059572864,
    0.125,
    -0.125,
    0,
    -0.125,
    0.0625,
    0.0625,
    0,
    0,
    0
  };

  @AfterEach
  void resetDataTypes() {
    Nd4j.setDefaultDataTypes(DataType.FLOAT, DataType.FLOAT);
  }

  @ParameterizedTest
  @EnumSource(
      value = DataType.class,
      names = {"FLOAT", "DOUBLE"})
  void isPyTorchs(DataType type) {
    Pixels pixels = new Pixels(logits().castTo(type), labels().castTo(type));
    double tolerance = type == DataType.DOUBLE ? 1e-14 : 1e-7;
    assertThat(pixels.loss() / LOSS).isCloseTo(1, within(tolerance));
    assertThat(pixels.gradient(1).castTo(DataType.DOUBLE).dup('c').data().asDouble())
        .containsExactly(GRADIENT, within(tolerance));
    assertThat(pixels.gradient(3).getDouble(3, 1))
        .isCloseTo(3 * GRADIENT[10], within(3 * tolerance));
  }

  @Test
  void isTheSameForEveryTypeAndOrderOfItsArrays() {
    Pixels bytes = new Pixels(logits().dup('f'), labels().castTo(DataType.UINT8).dup('f'));
    assertThat(bytes.loss()).isCloseTo(LOSS, within(1e-9));
    assertThat(bytes.gradient(1)).isEqualTo(new Pixels(logits(), labels()).gradient(1));
  }

  @Test
  void isNothingWhereAllPixelsAreVoid() {
    Pixels pixels = new Pixels(logits(), labels().assign(PixelCrossEntropy.VOID));
    assertThat(pixels.loss()).isZero();
    assertThat(pixels.gradient(2).amaxNumber().doubleValue()).isZero();
  }

  @Test
  void staysFiniteWhereProbabilitiesDoNot() {
    INDArray logits = Nd4j.createFromArray(1e30f, -1e30f, 0f, 88f, 89f, -1e4f).reshape(1, 1, 2, 3);
    INDArray labels = Nd4j.createFromArray(1f, 0f).reshape(1, 1, 2);
    Pixels pixels = new Pixels(logits, labels);
    assertThat(pixels.loss() / 1e30).isCloseTo(1, within(1e-6));
    assertThat(pixels.gradient(2).toFloatMatrix()[0]).containsExactly(1, -1, 0);
  }

  @ParameterizedTest
  @EnumSource(
      value = WorkspaceMode.class,
      names = {"ENABLED", "NONE"})
  void gradientsAreThoseOfFiniteDifferences(WorkspaceMode workspaces) {
    Nd4j.setDefaultDataTypes(DataType.DOUBLE, DataType.DOUBLE);
    ComputationGraph network = network(DataType.DOUBLE, workspaces);
    // one pixel's logits are 40 times the others'
    INDArray images = images(DataType.DOUBLE);
    images.tensorAlongDimension(1, 1).muli(40);
    boolean passed =
        GradientCheckUtil.checkGradients(
            new GradientCheckUtil.GraphConfig()
                .net(network)
                .epsilon(1e-6)
                .maxRelError(1e-6)
                .minAbsoluteError(1e-9)
                .inputs(new INDArray[] {images})
                .labels(new INDArray[] {truth(DataType.DOUBLE)}));
    assertThat(passed).isTrue();
  }

  @Test
  void givesLogitsAndScoresTheirMeanOverPixels() {
    ComputationGraph network = network(DataType.FLOAT, WorkspaceMode.ENABLED);
    INDArray images = images(DataType.FLOAT);
    INDArray output = network.outputSingle(images);
    assertThat(output.shape()).containsExactly(3, 4, 5, 6);
    assertThat(output).isEqualTo(network.feedForward(images, false).get("classes"));
    INDArray labels = truth(DataType.FLOAT);
    double expected = new Pixels(output, labels).loss();
    assertThat(network.score(new DataSet(images, labels))).isCloseTo(expected, within(1e-6));
    assertThat(expected).isBetween(1., 10.);
  }

  /** The update is that of the mean, whatever number of images it is over. */
  @Test
  void movesByTheGradientOfTheMean() {
    ComputationGraph network = network(DataType.FLOAT, WorkspaceMode.ENABLED);
    INDArray images = images(DataType.FLOAT);
    INDArray before = network.getParam("classes_b").dup();
    INDArray step = new Pixels(network.outputSingle(images), truth(DataType.FLOAT)).gradient(1);
    network.fit(new INDArray[] {images}, new INDArray[] {truth(DataType.FLOAT)});
    INDArray moved = before.sub(network.getParam("classes_b"));
    assertThat(moved.reshape(6).sub(step.sum(0)).amaxNumber().doubleValue()).isLessThan(1e-7);
    assertThat(moved.amaxNumber().doubleValue()).isGreaterThan(1e-3);
  }

  /** A micro-batch is divided by its own pixels; the step is the mean of its micro-batches. */
  @Test
  void accumulatesTheMeansOfMicroBatches() {
    ComputationGraph network = network(DataType.FLOAT, WorkspaceMode.ENABLED);
    INDArray images = images(DataType.FLOAT);
    INDArray labels = truth(DataType.FLOAT);
    labels.tensorAlongDimension(0, 1, 2).assign(PixelCrossEntropy.VOID).putScalar(3, 2);
    INDArray output = network.outputSingle(images);
    INDArray expected = Nd4j.zeros(6);
    for (int image = 0; image < 3; image++) {
      expected.addi(new Pixels(one(output, image), one(labels, image)).gradient(1. / 3).sum(0));
    }
    INDArray before = network.getParam("classes_b").dup();
    new GradientAccumulation(network)
        .fit(
            List.of(0, 1, 2).stream()
                .map(image -> new MultiDataSet(one(images, image), one(labels, image)))
                .toList());
    INDArray moved = before.sub(network.getParam("classes_b"));
    assertThat(moved.reshape(6).sub(expected).amaxNumber().doubleValue()).isLessThan(1e-6);
  }

  @ParameterizedTest
  @ValueSource(doubles = {3, -1, 254, 256, 1.5, Double.NaN})
  void refusesALabelThatIsNoClass(double label) {
    INDArray labels = labels().putScalar(5, label);
    assertThatThrownBy(() -> new Pixels(logits(), labels))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Cannot compute the loss of a pixel: its label is "
                + label
                + ", 0 to 2 or 255 (void) is needed");
  }

  @Test
  void refusesArraysThatDoNotFit() {
    assertThatThrownBy(() -> new Pixels(logits(), labels().reshape(2, 3, 2)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Cannot compare logits [2, 2, 3, 3] with labels [2, 3, 2]: [n, h, w, classes] and"
                + " [n, h, w] are needed");
    ComputationGraph network = network(DataType.FLOAT, WorkspaceMode.ENABLED);
    var masked =
        new MultiDataSet(
            new INDArray[] {images(DataType.FLOAT)},
            new INDArray[] {truth(DataType.FLOAT)},
            null,
            new INDArray[] {Nd4j.ones(3, 1)});
    assertThatThrownBy(() -> network.fit(masked))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "Cannot compute the loss of 'logits': mask arrays are not taken, the label of what does"
                + " not count is 255");
    PixelCrossEntropy layer = new PixelCrossEntropy();
    layer.setLayerName("logits");
    assertThatThrownBy(() -> layer.getOutputType(0, InputType.convolutional(4, 5, 6)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith("Cannot apply PixelCrossEntropy 'logits' to InputTypeConvolutional")
        .hasMessageEndingWith(
            "channels last are needed, at most 255 of them, for label 255 is void");
  }

  @Test
  void survivesItsState() {
    ComputationGraph network = network(DataType.FLOAT, WorkspaceMode.ENABLED);
    ComputationGraph restored = NetworkState.of(network).restore();
    INDArray images = images(DataType.FLOAT);
    assertThat(restored.outputSingle(images)).isEqualTo(network.outputSingle(images));
    assertThat(restored.getConfiguration()).isEqualTo(network.getConfiguration());
  }

  /** A 3x3 convolution to 6 classes on images of 4 x 5. */
  private static ComputationGraph network(DataType type, WorkspaceMode workspaces) {
    ComputationGraphConfiguration configuration =
        new NeuralNetConfiguration.Builder()
            .seed(3)
            .dataType(type)
            .updater(new Sgd(1))
            .trainingWorkspaceMode(workspaces)
            .inferenceWorkspaceMode(workspaces)
            .graphBuilder()
            .addInputs("in")
            .setInputTypes(InputType.convolutional(4, 5, 2))
            .addLayer(
                "classes",
                LeanConvolution.first(new ConvolutionLayer.Builder(3, 3).padding(1, 1).nOut(6)),
                new ChannelsLast(),
                "in")
            .addLayer("logits", new PixelCrossEntropy(), "classes")
            .setOutputs("logits")
            .build();
    ComputationGraph network = new ComputationGraph(configuration);
    network.init();
    return network;
  }

  private static INDArray images(DataType type) {
    Nd4j.getRandom().setSeed(7);
    return Nd4j.randn(type, 3, 2, 4, 5);
  }

  /** A third is void. */
  private static INDArray truth(DataType type) {
    INDArray labels = Nd4j.zeros(type, 3, 4, 5);
    for (int i = 0; i < labels.length(); i++) {
      labels.putScalar(i, i % 3 == 1 ? PixelCrossEntropy.VOID : i * 7 % 6);
    }
    return labels;
  }

  private static INDArray one(INDArray array, int image) {
    return array.get(NDArrayIndex.interval(image, image + 1)).dup();
  }

  private static INDArray logits() {
    return Nd4j.createFromArray(LOGITS).reshape(2, 2, 3, 3);
  }

  private static INDArray labels() {
    return Nd4j.createFromArray(LABELS).reshape(2, 2, 3);
  }
}
