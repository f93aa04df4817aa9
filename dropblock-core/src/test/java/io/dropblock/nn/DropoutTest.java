package io.dropblock.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.lossfunctions.LossFunctions;

class DropoutTest {
  private static final int FEATURES = 50;

  @Test
  void dropsFeaturesAndScalesTheRest() {
    ComputationGraph network = network(.6);
    DropBlockSites.of(network).set(new DropBlockStep(1, 3, 5, 0));
    INDArray output = dropped(network, Nd4j.ones(DataType.FLOAT, 200, FEATURES));
    int kept = 0;
    for (float value : output.data().asFloat()) {
      assertThat(value == 0 || Math.abs(value - 1 / .6f) < 1e-6).isTrue();
      kept += value > 0 ? 1 : 0;
    }
    assertThat(kept / (200. * FEATURES)).isCloseTo(.6, within(.02));
  }

  /** Whatever keep probability is told, which is that of DropBlock: even one of 1. */
  @Test
  void keepsItsOwnProbability() {
    ComputationGraph network = network(.5);
    INDArray ones = Nd4j.ones(DataType.FLOAT, 20, FEATURES);
    DropBlockSites sites = DropBlockSites.of(network);
    sites.set(new DropBlockStep(1, 3, 5, 0));
    INDArray first = dropped(network, ones);
    sites.set(new DropBlockStep(.2, 3, 5, 0));
    assertThat(dropped(network, ones)).isEqualTo(first);
    assertThat(sites.keptFractions()).isEmpty();
  }

  /** Two ranks draw what one draws; another step or seed draws another mask. */
  @Test
  void isAFunctionOfSeedStepAndSample() {
    ComputationGraph network = network(.5);
    INDArray ones = Nd4j.ones(DataType.FLOAT, 8, FEATURES);
    DropBlockSites sites = DropBlockSites.of(network);
    sites.set(new DropBlockStep(1, 3, 5, 0));
    INDArray whole = dropped(network, ones);
    sites.set(new DropBlockStep(1, 3, 5, 4));
    INDArray half = dropped(network, Nd4j.ones(DataType.FLOAT, 4, FEATURES));
    assertThat(half).isEqualTo(whole.get(NDArrayIndex.interval(4, 8), NDArrayIndex.all()));
    sites.set(new DropBlockStep(1, 3, 6, 0));
    assertThat(dropped(network, ones)).isNotEqualTo(whole);
    sites.set(new DropBlockStep(1, 4, 5, 0));
    assertThat(dropped(network, ones)).isNotEqualTo(whole);
  }

  @Test
  void isTheIdentityAtInferenceAndGoneWhenFolded() {
    ComputationGraph network = network(.5);
    INDArray input = Nd4j.rand(DataType.FLOAT, 4, FEATURES);
    assertThat(network.outputSingle(input.dup())).isEqualTo(input);
    DropBlockSites.of(network).activeAtInference(true);
    assertThat(network.outputSingle(input.dup())).isEqualTo(input);
    assertThat(FoldedNetwork.of(network(.5)).getConfiguration().getVertices())
        .containsOnlyKeys("out");
  }

  /** By the counter of iterations, which a plain fit moves. */
  @Test
  void needsNobodyToTellIt() {
    ComputationGraph network = network(.5);
    INDArray ones = Nd4j.ones(DataType.FLOAT, 4, FEATURES);
    INDArray first = dropped(network, ones);
    assertThat(first.minNumber().doubleValue()).isZero();
    assertThat(dropped(network, ones)).isEqualTo(first);
    network.getConfiguration().setIterationCount(1);
    assertThat(dropped(network, ones)).isNotEqualTo(first);
  }

  @Test
  void passesTheGradientOfWhatIsKept() {
    ComputationGraph network = network(.5);
    DropBlockSites.of(network).set(new DropBlockStep(1, 3, 5, 0));
    INDArray ones = Nd4j.ones(DataType.FLOAT, 4, FEATURES);
    INDArray output = dropped(network, ones);
    var vertex = network.getVertex("drop");
    network.feedForward(new INDArray[] {ones}, true, false);
    vertex.setInputs(new INDArray[] {ones});
    vertex.setEpsilon(ones.dup());
    INDArray gradient = vertex.doBackward(false, LayerWorkspaceMgr.noWorkspaces()).getSecond()[0];
    assertThat(gradient).isEqualTo(output);
    DropSite site = (DropSite) vertex;
    assertThat(site.state().mask()).isNotNull();
    vertex.clear();
    assertThat(site.state().mask()).isNull();
  }

  @Test
  void survivesJsonAndRefusesWhatLeavesNothing() {
    ComputationGraphConfiguration configuration = network(.5).getConfiguration();
    assertThat(ComputationGraphConfiguration.fromJson(configuration.toJson()))
        .isEqualTo(configuration);
    assertThat(network(.6).getConfiguration()).isNotEqualTo(configuration);
    assertThatThrownBy(() -> new Dropout(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid keep probability: 0.0 leaves nothing");
    assertThatThrownBy(() -> new Dropout(.5).getOutputType(0, InputType.convolutional(3, 3, 2)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith("Cannot drop features: one input of vectors is needed, not ");
  }

  private static INDArray dropped(ComputationGraph network, INDArray input) {
    return network.output(true, input.dup())[0];
  }

  private static ComputationGraph network(double keepProbability) {
    ComputationGraph network =
        new ComputationGraph(
            new NeuralNetConfiguration.Builder()
                .seed(3)
                .graphBuilder()
                .addInputs("in")
                .setInputTypes(InputType.feedForward(FEATURES))
                .addVertex("drop", new Dropout(keepProbability), "in")
                .addLayer(
                    "out",
                    new LossLayer.Builder(LossFunctions.LossFunction.MSE)
                        .activation(Activation.IDENTITY)
                        .build(),
                    "drop")
                .setOutputs("out")
                .build());
    network.init();
    return network;
  }
}
