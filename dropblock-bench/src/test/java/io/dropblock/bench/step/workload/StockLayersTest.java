package io.dropblock.bench.step.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.dropblock.nn.FoldedNetwork;
import java.util.Arrays;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class StockLayersTest {

  @ParameterizedTest
  @ValueSource(strings = {"cifar-resnet8", "resnet50"})
  void isTheSameNetworkOfStockLayers(String model) {
    ComputationGraph ours = StepModel.parse(model).network(32, 32, false, false);
    ComputationGraph stock = StepModel.parse(model).network(32, 32, false, true);
    assertThat(Arrays.stream(stock.getVertices()))
        .noneMatch(
            vertex ->
                vertex.hasLayer()
                    && vertex.getLayer().getClass().getName().startsWith("io.dropblock"));
    INDArray images = Nd4j.rand(DataType.FLOAT, 4, 3, 32, 32);
    INDArray labels = Nd4j.create(DataType.FLOAT, 4, 1);
    for (int sample = 0; sample < 4; sample++) {
      labels.putScalar(sample, 0, sample);
    }
    ours.setLearningRate(.01);
    stock.setLearningRate(.01);
    for (int step = 0; step < 3; step++) {
      ours.fit(new INDArray[] {images}, new INDArray[] {labels});
      stock.fit(new INDArray[] {images}, new INDArray[] {labels});
      assertThat(ours.score()).isCloseTo(stock.score(), within(1e-3 * stock.score()));
    }
  }

  @Test
  void aConvolutionsReluBecomesALayer() {
    INDArray images = Nd4j.rand(DataType.FLOAT, 4, 3, 32, 32);
    ComputationGraph folded =
        FoldedNetwork.of(StepModel.parse("cifar-resnet8").network(32, 32, false, false));
    ComputationGraph stock = StockLayers.of(folded, InputType.convolutional(32, 32, 3));
    assertThat(folded.outputSingle(images).distance2(stock.outputSingle(images))).isLessThan(1e-4);
  }
}
