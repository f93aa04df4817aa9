package io.dropblock.brought;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import java.util.regex.Matcher;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.constraint.MaxNormConstraint;
import org.deeplearning4j.nn.conf.dropout.GaussianNoise;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.weightnoise.DropConnect;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** What is refused of a file that somebody brought. */
class BroughtNetworkTest {
  private static final String PLAIN = StockNetworks.plain(CNN2DFormat.NCHW).toJson();
  private static final String CONVOLUTION = "org.deeplearning4j.nn.conf.layers.ConvolutionLayer";

  /** Were it made, it would leave a trace. */
  public static final class Hostile extends ActivationReLU {
    private static final long serialVersionUID = 1L;

    private static boolean made;

    /** For Jackson. */
    public Hostile() {
      made = true;
    }
  }

  private static BroughtNetwork of(String json) {
    return BroughtNetwork.of(json, StockNetworks.SIZE, StockNetworks.CLASSES);
  }

  private static void assertRefused(String json, String reason) {
    assertThatThrownBy(() -> of(json))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(reason);
  }

  private static void assertRefused(ComputationGraphConfiguration network, String reason) {
    assertRefused(network.toJson(), reason);
  }

  /** As a layer, a vertex, a preprocessor, an activation, within a list and beside the vertices. */
  @Test
  void makesNoClassThatIsNotKnown() {
    String hostile = Hostile.class.getName();
    String object = Matcher.quoteReplacement("{\"@class\":\"" + hostile + "\"}");
    String relu = "org.nd4j.linalg.activations.impl.ActivationReLU\"";
    assertThat(PLAIN).contains(relu);
    assertRefused(
        PLAIN.replace(relu, hostile + "\""),
        "vertex 'c1' has a " + hostile + ", which this program does not take");
    assertRefused(
        PLAIN.replaceFirst("\"" + CONVOLUTION, Matcher.quoteReplacement("\"" + hostile)),
        "vertex 'c1' is a " + hostile + ", which this program does not take");
    assertRefused(
        PLAIN.replaceFirst(
            "org\\.deeplearning4j\\.nn\\.conf\\.graph\\.LayerVertex",
            Matcher.quoteReplacement(hostile)),
        "vertex 'c1' is a " + hostile);
    assertRefused(
        PLAIN.replaceFirst("\"preProcessor\" : null", "\"preProcessor\" : " + object),
        "vertex 'c1' is a " + hostile);
    assertRefused(
        PLAIN.replaceFirst(
            "\"regularization\" : \\[ ]", "\"regularization\" : [ [" + object + "] ]"),
        "vertex 'c1' has a " + hostile);
    assertRefused(
        PLAIN.replaceFirst("\"stepFunction\" : null", "\"stepFunction\" : " + object),
        "has a " + hostile);
    assertRefused(
        PLAIN.replaceFirst("\"networkInputs\"", "\"extra\" : " + object + ", \"networkInputs\""),
        "extra has a " + hostile);
    // the older form, a class as a key
    assertRefused(
        PLAIN.replaceFirst("\"@class\" : \"" + relu + ",", "\"ReLU\" : {},"),
        "vertex 'c1' has a value without @class");
    assertThat(Hostile.made).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "javax.swing.JEditorPane",
    "org.deeplearning4j.nn.conf.layers.samediff.SameDiffLambdaLayer",
    "org.deeplearning4j.nn.conf.layers.LSTM",
    "java.util.ArrayList<java.lang.String>"
  })
  void takesNoOtherLayer(String name) {
    assertRefused(PLAIN.replaceFirst(CONVOLUTION, name), "vertex 'c1' is a " + name);
  }

  @Test
  void takesNothingButAGraph() {
    assertRefused("", "it is no ComputationGraph's");
    assertRefused("[1]", "it is no ComputationGraph's");
    assertRefused("{\"vertices\": 1}", "it is no ComputationGraph's");
    assertRefused("{", "it is not JSON: ");
    assertRefused("[".repeat(100_000), "it is nested more than 32 deep");
    assertRefused(PLAIN + "{}", "it is not JSON: ");
    assertRefused(
        new NeuralNetConfiguration.Builder()
            .list()
            .layer(new DenseLayer.Builder().nIn(3).nOut(3).build())
            .build()
            .toJson(),
        "it is a MultiLayerNetwork's: write that of its toComputationGraph()");
    assertRefused(
        PLAIN.replaceFirst("\"c1\" : \\[ \"pixels\" ]", "\"c1\" : [ \"c2\" ]"),
        "DL4J cannot use it");
    assertRefused(
        PLAIN.replaceFirst("\"kernelSize\" : \\[ 3, 3 ]", "\"kernelSize\" : \"x\""),
        "DL4J cannot read it");
  }

  @Test
  void wantsOneInputOfSuchImages() {
    assertThatThrownBy(() -> BroughtNetwork.of(PLAIN, 20, StockNetworks.CLASSES))
        .hasMessageContaining("layer 'd' flattens maps of 6x2x2 NCHW and gets ")
        .hasMessageEndingWith(" for images of this size (data.size, data.evaluation_size)");
    assertThatThrownBy(() -> BroughtNetwork.of(PLAIN, 2, StockNetworks.CLASSES))
        .hasMessageContaining("layer 'p2' gives empty maps: ");
    assertRefused(
        StockNetworks.end(
                new NeuralNetConfiguration.Builder()
                    .graphBuilder()
                    .addInputs("grey")
                    .setInputTypes(InputType.convolutional(12, 12, 1))
                    .addLayer("c", StockNetworks.convolution(3, 2).build(), "grey"),
                "c")
            .build(),
        "layer 'c' takes 1 channels or features and gets 3");
    assertRefused(
        new NeuralNetConfiguration.Builder()
            .graphBuilder()
            .addInputs("pixels", "more")
            .setInputTypes(InputType.convolutional(12, 12, 3), InputType.feedForward(4))
            .addLayer("a", StockNetworks.convolution(3, 2).build(), "pixels")
            .addLayer("out", output(4).build(), "a")
            .addLayer("other", output(4).build(), "more")
            .setOutputs("out", "other")
            .build(),
        "it has the inputs [pixels, more]");
  }

  private static OutputLayer.Builder output(int classes) {
    return new OutputLayer.Builder(LossFunction.MCXENT)
        .nOut(classes)
        .activation(Activation.SOFTMAX);
  }

  private static ComputationGraphConfiguration ending(OutputLayer output) {
    return StockNetworks.begin(CNN2DFormat.NCHW)
        .addLayer("c", StockNetworks.convolution(3, 2).build(), "pixels")
        .addLayer("out", output, "c")
        .setOutputs("out")
        .build();
  }

  @Test
  void wantsClassesAndTheirCrossEntropy() {
    assertRefused(ending(output(5).build()), "its output 'out' gives InputTypeFeedForward(5");
    assertRefused(
        ending(
            new OutputLayer.Builder(LossFunction.MSE)
                .nOut(4)
                .activation(Activation.SOFTMAX)
                .build()),
        "its output 'out' has the loss LossMSE");
    assertRefused(
        ending(
            new OutputLayer.Builder(LossFunction.XENT)
                .nOut(4)
                .activation(Activation.SIGMOID)
                .build()),
        "its output 'out' has the activation sigmoid: softmax is needed");
  }

  /** Nothing of this would reach the training, or would be another one. */
  @Test
  void refusesWhatTheRecipeDecides() {
    var c = StockNetworks.convolution(3, 2);
    assertRefused(
        with(c.constrainAllParameters(new MaxNormConstraint(1, 1))), "layer 'c' has constraints");
    c = StockNetworks.convolution(3, 2);
    assertRefused(with(c.weightNoise(new DropConnect(.5))), "layer 'c' has weight noise");
    c = StockNetworks.convolution(3, 2);
    assertRefused(with(c.dropOut(new GaussianNoise(1))), "layer 'c' has a GaussianNoise");
    c = StockNetworks.convolution(3, 2);
    assertRefused(
        with(c.gradientNormalization(GradientNormalization.ClipL2PerLayer)),
        "layer 'c' has gradientNormalization: the recipe's train.clip_norm");
    assertRefused(
        PLAIN.replace("\"miniBatch\" : true", "\"miniBatch\" : false"), "has miniBatch false");
    assertRefused(
        PLAIN.replace("\"dataType\" : \"FLOAT\"", "\"dataType\" : \"DOUBLE\""),
        "its data type is DOUBLE");
    assertRefused(
        StockNetworks.end(
                StockNetworks.begin(CNN2DFormat.NCHW)
                    .addLayer(
                        "frozen",
                        new FrozenLayer(StockNetworks.convolution(3, 2).nIn(3).build()),
                        "pixels"),
                "frozen")
            .build(),
        "vertex 'frozen' is a org.deeplearning4j.nn.conf.layers.misc.FrozenLayer");
  }

  private static ComputationGraphConfiguration with(
      org.deeplearning4j.nn.conf.layers.ConvolutionLayer.Builder convolution) {
    return StockNetworks.end(
            StockNetworks.begin(CNN2DFormat.NCHW).addLayer("c", convolution.build(), "pixels"), "c")
        .build();
  }

  @Test
  void refusesPlacesThatAreNoMaps() {
    BroughtNetwork network = of(PLAIN);
    assertThatThrownBy(() -> network.requireMaps(Set.of("c9")))
        .hasMessage("Cannot drop behind 'c9': the network has no such layer");
    assertThatThrownBy(() -> network.requireMaps(Set.of("d")))
        .hasMessageStartingWith("Cannot drop behind 'd': it gives no feature map, but ");
    network.requireMaps(Set.of("c1", "p2"));
  }

  @Test
  void refusesDropoutOnMaps() {
    BroughtNetwork network = of(with(StockNetworks.convolution(3, 2).dropOut(.5)).toJson());
    assertThatThrownBy(() -> network.conversion(Set.of(), false))
        .hasMessageStartingWith("layer 'c' has dropout on feature maps");
    ComputationGraphConfiguration other =
        StockNetworks.end(
                StockNetworks.begin(CNN2DFormat.NCHW)
                    .addLayer("image", StockNetworks.convolution(3, 2).build(), "pixels")
                    .addLayer(
                        "p",
                        new SubsamplingLayer.Builder(SubsamplingLayer.PoolingType.MAX)
                            .kernelSize(2, 2)
                            .stride(2, 2)
                            .build(),
                        "image"),
                "p")
            .build();
    assertThatThrownBy(() -> of(other.toJson()).conversion(Set.of(), false))
        .hasMessageStartingWith("a layer of it is called 'image'");
  }
}
