package io.dropblock.nn;

import static org.assertj.core.api.Assertions.assertThat;

import org.deeplearning4j.config.DL4JSystemProperties;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

class OneDnnTest {
  private static final String PROPERTY = DL4JSystemProperties.DISABLE_HELPER_PROPERTY;

  @AfterEach
  void leaveNoTrace() {
    System.clearProperty(PROPERTY);
  }

  @Test
  void layersReallyHoldTheirHelpers() {
    assertThat(OneDnn.enable()).isTrue();
    MultiLayerNetwork network = network();
    train(network);
    assertThat(network.getLayer(0).getHelper()).isNotNull();
    assertThat(network.getLayer(1).getHelper()).isNotNull();
    assertThat(network.getLayer(2).getHelper()).isNotNull();
  }

  @Test
  void trainsToTheSameParametersAsThePlainPath() {
    System.setProperty(PROPERTY, "true");
    assertThat(OneDnn.enable()).isFalse();
    MultiLayerNetwork plain = network();
    train(plain);
    assertThat(plain.getLayer(0).getHelper()).isNull();
    System.clearProperty(PROPERTY);
    OneDnn.enable();
    MultiLayerNetwork fast = network();
    train(fast);
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
                .layer(new BatchNormalization.Builder().activation(Activation.RELU).build())
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
