package io.dropblock.onednn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.dropblock.nn.DropBlock;
import io.dropblock.nn.DropBlockSites;
import io.dropblock.schedule.Linear;
import io.dropblock.schedule.Schedule;
import org.deeplearning4j.config.DL4JClassLoading;
import org.deeplearning4j.config.DL4JSystemProperties;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import org.nd4j.linalg.schedule.ScheduleType;

class OneDnnTest {
  private static final String PROPERTY = DL4JSystemProperties.DISABLE_HELPER_PROPERTY;
  private static final Schedule KEEP = new Linear(.9, .7);
  private static final ScheduleType PER = ScheduleType.ITERATION;

  private ClassLoader loader;

  @BeforeEach
  void switchOn() {
    assertThat(OneDnn.enable()).isTrue();
    loader = DL4JClassLoading.getDl4jClassloader();
  }

  @AfterEach
  void leaveNoTrace() {
    System.setProperty(PROPERTY, "false");
    Nd4j.getEnvironment().allowHelpers(true);
    DL4JClassLoading.setDl4jClassloader(loader);
  }

  @Test
  void isProvedByANetworkThatRan() {
    OneDnn.requireHelpers();
    assertThat(OneDnn.state().on()).isTrue();
  }

  @Test
  void tellsItsThreads() {
    assertThat(new OneDnn.State(true, 2, "")).hasToString("oneDNN on, 2 threads");
    assertThat(new OneDnn.State(true, 1, "")).hasToString("oneDNN on, 1 thread");
    assertThat(OneDnn.state().threads()).isBetween(1, Runtime.getRuntime().availableProcessors());
  }

  @Test
  void proofLeavesRandomNumbersAlone() {
    Nd4j.getRandom().setSeed(5);
    INDArray expected = Nd4j.rand(DataType.FLOAT, 8);
    Nd4j.getRandom().setSeed(5);
    OneDnn.requireHelpers();
    assertThat(Nd4j.rand(DataType.FLOAT, 8)).isEqualTo(expected);
  }

  @Test
  void proofFailsWithTheReasonWhereTheUserSwitchedItOff() {
    System.setProperty(PROPERTY, "true");
    assertThat(OneDnn.enable()).isFalse();
    assertThatIllegalStateException()
        .isThrownBy(OneDnn::requireHelpers)
        .withMessage(
            "Cannot calculate with oneDNN: switched off by"
                + " -Dorg.eclipse.deeplearning4j.helpers.disable=true");
  }

  @Test
  void isOffWhereNd4jIsToldNotToUseIt() {
    Nd4j.getEnvironment().allowHelpers(false);
    assertThat(OneDnn.state().toString()).startsWith("oneDNN off: ND4J is told not to use it");
    assertThat(network().getLayer(0).getHelper()).isNull();
  }

  @Test
  void isOffWhereAnotherClassLoaderWouldMakeTheHelpers() {
    DL4JClassLoading.setDl4jClassloader(getClass().getClassLoader());
    assertThat(OneDnn.state().toString()).startsWith("oneDNN off: DL4J's class loader was set");
    assertThat(network().getLayer(0).getHelper()).isNull();
    assertThat(OneDnn.enable()).isTrue();
    assertThat(network().getLayer(0).getHelper()).isInstanceOf(OneDnnConvolution.class);
  }

  @Test
  void proofNamesLayersThatCalculateWithoutTheirHelpers() {
    ComputationGraph idle = HelperProbe.network();
    assertThat(HelperProbe.layersWithout(idle))
        .containsExactly("convolution", "batch normalisation");
    System.setProperty(PROPERTY, "true");
    assertThat(HelperProbe.layersWithout()).containsExactly("convolution", "batch normalisation");
  }

  @Test
  void layersHoldOurHelpersAndPoolingNeedsNone() {
    MultiLayerNetwork network = network();
    assertThat(network.getLayer(0).getHelper()).isInstanceOf(OneDnnConvolution.class);
    assertThat(network.getLayer(1).getHelper()).isInstanceOf(OneDnnBatchNormalization.class);
    assertThat(network.getLayer(3).getHelper()).isNull();
  }

  @Test
  void trainsToTheSameParametersAsThePlainPath() {
    System.setProperty(PROPERTY, "true");
    MultiLayerNetwork plain = network();
    train(plain);
    assertThat(plain.getLayer(0).getHelper()).isNull();
    System.setProperty(PROPERTY, "false");
    MultiLayerNetwork fast = network();
    train(fast);
    assertThat(DropBlockSites.of(fast).keptFractions().values()).allMatch(kept -> kept < .95);
    double distance = fast.params().sub(plain.params()).norm2Number().doubleValue();
    assertThat(distance / plain.params().norm2Number().doubleValue()).isLessThan(1e-5);
  }

  private static void train(MultiLayerNetwork network) {
    Nd4j.getRandom().setSeed(5);
    INDArray input = Nd4j.rand(DataType.FLOAT, 8, 3, 16, 16);
    INDArray labels = Nd4j.zeros(DataType.FLOAT, 8, 4);
    for (int sample = 0; sample < 8; sample++) {
      labels.putScalar(sample, sample % 4, 1);
    }
    for (int step = 0; step < 5; step++) {
      network.fit(input, labels);
    }
  }

  private static MultiLayerNetwork network() {
    MultiLayerNetwork network =
        new MultiLayerNetwork(
            new NeuralNetConfiguration.Builder()
                .seed(1)
                .updater(new Nesterovs(.05, .9))
                .list()
                .layer(
                    new ConvolutionLayer.Builder(3, 3)
                        .stride(2, 2)
                        .padding(1, 1)
                        .nOut(8)
                        .hasBias(false)
                        .activation(Activation.IDENTITY)
                        .build())
                .layer(new BatchNormalization())
                .layer(new DropBlock.Builder().blockSize(3).keepProbability(KEEP, 5, PER).build())
                .layer(
                    new SubsamplingLayer.Builder(SubsamplingLayer.PoolingType.MAX)
                        .kernelSize(3, 3)
                        .stride(2, 2)
                        .convolutionMode(ConvolutionMode.Same)
                        .build())
                .layer(
                    new ConvolutionLayer.Builder(1, 1).stride(2, 2).nOut(8).hasBias(false).build())
                .layer(
                    new OutputLayer.Builder(LossFunction.MCXENT)
                        .nOut(4)
                        .activation(Activation.SOFTMAX)
                        .build())
                .setInputType(InputType.convolutional(16, 16, 3))
                .build());
    network.init();
    return network;
  }
}
