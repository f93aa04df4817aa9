package io.dropblock.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropblock.model.Architecture;
import io.dropblock.model.CifarResNet;
import io.dropblock.model.MapShape;
import io.dropblock.model.Regularization;
import io.dropblock.nn.BatchNorm;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.AttentionVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PReLULayer;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.learning.regularization.L2Regularization;
import org.nd4j.linalg.learning.regularization.Regularization.ApplyStep;

class OptimizerTest {
  private static final double RATE = 1e-4;

  private static Collection<BaseLayer> layers(WeightDecay decay) {
    ComputationGraphConfiguration network =
        Architecture.classifier(new CifarResNet(8), 10)
            .configuration(
                new MapShape(3, 32, 32), Regularization.none(), new Momentum(.9, false, decay), 1);
    return network.getVertices().values().stream()
        .filter(LayerVertex.class::isInstance)
        .map(vertex -> ((LayerVertex) vertex).getLayerConf().getLayer())
        .filter(BaseLayer.class::isInstance)
        .map(BaseLayer.class::cast)
        .toList();
  }

  /** The reference's, with which our recipes train. */
  @Test
  void decaysKernelsAndTheDenseBiasBeforeTheMomentum() {
    Collection<BaseLayer> layers = layers(WeightDecay.ofKernelsAndBiases(RATE));
    assertThat(layers)
        .filteredOn(layer -> layer instanceof ConvolutionLayer || layer instanceof OutputLayer)
        .hasSize(10)
        .allSatisfy(layer -> assertDecayed(layer, "W"));
    assertThat(layers)
        .filteredOn(OutputLayer.class::isInstance)
        .singleElement()
        .satisfies(layer -> assertDecayed(layer, "b"));
    assertThat(layers)
        .filteredOn(BatchNorm.class::isInstance)
        .hasSize(9)
        .allSatisfy(
            layer -> {
              assertThat(layer.getRegularizationByParam("gamma")).isEmpty();
              assertThat(layer.getRegularizationByParam("beta")).isEmpty();
              assertThat(layer.getUpdaterByParam("gamma"))
                  .isEqualTo(new MomentumSettings(.9, false));
              assertThat(layer.getUpdaterByParam("var")).isInstanceOf(NoOp.class);
            });
  }

  @Test
  void decaysNormalizationsAlone() {
    Collection<BaseLayer> layers =
        layers(new WeightDecay(RATE, Set.of(ParameterGroup.NORMALIZATION)));
    assertThat(layers)
        .filteredOn(BatchNorm.class::isInstance)
        .hasSize(9)
        .allSatisfy(
            layer -> {
              assertDecayed(layer, "gamma");
              assertDecayed(layer, "beta");
              assertThat(layer.getRegularizationByParam("mean")).isEmpty();
            });
    assertThat(layers)
        .filteredOn(layer -> !(layer instanceof BatchNorm))
        .allSatisfy(
            layer -> {
              assertThat(layer.getRegularizationByParam("W")).isNullOrEmpty();
              assertThat(layer.getRegularizationByParam("b")).isNullOrEmpty();
            });
  }

  @Test
  void addsNoDecayWhenItIsZero() {
    assertThat(layers(WeightDecay.ofKernelsAndBiases(0)))
        .filteredOn(ConvolutionLayer.class::isInstance)
        .allSatisfy(layer -> assertThat(layer.getRegularizationByParam("W")).isNullOrEmpty());
  }

  private static void assertDecayed(BaseLayer layer, String parameter) {
    assertThat(layer.getRegularizationByParam(parameter))
        .singleElement()
        .isEqualTo(new L2Regularization(RATE))
        .satisfies(decay -> assertThat(decay.applyStep()).isEqualTo(ApplyStep.BEFORE_UPDATER));
  }

  @Test
  void staysInTheJson() {
    var network = one(new BatchNorm(.9, 1e-5, 1, false));
    WeightDecay decay =
        new WeightDecay(RATE, Set.of(ParameterGroup.KERNELS, ParameterGroup.NORMALIZATION));
    new Momentum(.7, true, decay).applyTo(network);
    var read = ComputationGraphConfiguration.fromJson(network.toJson());
    assertThat(read).isEqualTo(network);
    BaseLayer layer = layer(read, "one");
    assertDecayed(layer, "gamma");
    assertThat(layer.getIUpdater()).isEqualTo(new MomentumSettings(.7, true));
  }

  @Test
  void refusesParametersThatItDoesNotKnow() {
    assertRefused(
        one(new PReLULayer.Builder().inputShape(2, 6, 6).build()),
        WeightDecay.none(),
        "Cannot train parameter 'W' of 'one': kernel, bias or normalisation is not known for"
            + " PReLULayer; let that be GroupedParameters");
    assertRefused(
        new NeuralNetConfiguration.Builder()
            .graphBuilder()
            .addInputs("in")
            .setInputTypes(InputType.recurrent(4, 5))
            .addVertex(
                "attention",
                new AttentionVertex.Builder()
                    .nInKeys(4)
                    .nInQueries(4)
                    .nInValues(4)
                    .nOut(4)
                    .nHeads(1)
                    .projectInput(true)
                    .build(),
                "in",
                "in",
                "in")
            .setOutputs("attention")
            .build(),
        WeightDecay.none(),
        "Cannot train the parameters of 'attention': kernel, bias or normalisation is not known for"
            + " AttentionVertex; let that be GroupedParameters");
  }

  @Test
  void refusesDecayThatDl4jWouldForget() {
    assertRefused(
        one(new BatchNormalization()),
        new WeightDecay(RATE, Set.of(ParameterGroup.NORMALIZATION)),
        "Cannot decay parameter 'gamma' of 'one': DL4J's BatchNormalization takes no decay for it;"
            + " use BatchNorm, or leave normalisations out of the decay");
  }

  private static void assertRefused(
      ComputationGraphConfiguration network, WeightDecay decay, String message) {
    assertThatThrownBy(() -> new Momentum(.9, true, decay).applyTo(network))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  private static ComputationGraphConfiguration one(Layer layer) {
    return new NeuralNetConfiguration.Builder()
        .graphBuilder()
        .addInputs("in")
        .setInputTypes(InputType.convolutional(6, 6, 2))
        .addLayer("one", layer, "in")
        .addLayer("out", new OutputLayer.Builder().nOut(3).build(), "one")
        .setOutputs("out")
        .build();
  }

  @Test
  void ofSomeVerticesLeavesTheOthers() {
    var network = one(new BatchNorm(.9, 1e-5, 1, false));
    WeightDecay decay = new WeightDecay(RATE, Set.of(ParameterGroup.KERNELS));
    new Momentum(.7, true, decay).applyTo(network);
    new Frozen().applyTo(network, List.of("out"));
    assertThat(layer(network, "out").getIUpdater()).isEqualTo(new FrozenSettings());
    assertThat(layer(network, "out").getRegularizationByParam("W")).isNullOrEmpty();
    assertThat(layer(network, "one").getIUpdater()).isEqualTo(new MomentumSettings(.7, true));
    assertThat(ComputationGraphConfiguration.fromJson(network.toJson())).isEqualTo(network);
    assertThatThrownBy(() -> new Frozen().applyTo(network, List.of("two")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot train 'two': the network has no such vertex");
  }

  private static BaseLayer layer(ComputationGraphConfiguration network, String name) {
    return (BaseLayer) ((LayerVertex) network.getVertices().get(name)).getLayerConf().getLayer();
  }

  @Test
  void refusesDecayOutOfRange() {
    for (double rate : List.of(-1e-4, Double.NaN, Double.POSITIVE_INFINITY)) {
      assertThatThrownBy(() -> WeightDecay.ofKernelsAndBiases(rate))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("Invalid weight decay: " + rate + " is not a finite number of at least 0");
    }
    assertThatThrownBy(() -> new WeightDecay(RATE, Set.of(ParameterGroup.STATISTICS)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Invalid weight decay: moving statistics are not trained, so they cannot decay");
  }
}
