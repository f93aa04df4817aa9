package io.dropblock.spark.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

class LearningRateTest {
  private static final INDArray INPUT = Nd4j.rand(DataType.FLOAT, 8, 4);
  private static final INDArray LABELS = Nd4j.eye(8).castTo(DataType.FLOAT);

  @Test
  void twoClonesOfOneConfigurationHaveRatesOfTheirOwn() {
    ComputationGraph origin = network();
    ComputationGraph one = replica(origin);
    ComputationGraph other = replica(origin);
    LearningRate rateOfOne = new LearningRate(one);
    LearningRate rateOfOther = new LearningRate(other);
    rateOfOne.set(.1);
    rateOfOther.set(.2);
    double moved = distanceOfAStep(one);
    assertThat(distanceOfAStep(other)).isCloseTo(2 * moved, within(moved * 1e-4));
  }

  @Test
  void theRateIsThatOfDl4jsOwnSetter() {
    ComputationGraph ours = network();
    ComputationGraph theirs = replica(ours);
    LearningRate rate = new LearningRate(ours);
    for (int step = 0; step < 5; step++) {
      rate.set(.1 / (step + 1));
      theirs.setLearningRate(.1 / (step + 1));
      ours.fit(new INDArray[] {INPUT}, new INDArray[] {LABELS});
      theirs.fit(new INDArray[] {INPUT}, new INDArray[] {LABELS});
    }
    assertThat(ours.params()).isEqualTo(theirs.params());
  }

  /** Each epoch begins with one; the state of Adam lies in memory block by block. */
  @Test
  void aSecondOneLeavesTheUpdaterItsState() {
    ComputationGraph once = network(new Adam(0));
    ComputationGraph twice = network(new Adam(0));
    LearningRate first = new LearningRate(once);
    LearningRate second = new LearningRate(twice);
    for (int step = 0; step < 6; step++) {
      if (step == 3) {
        second = new LearningRate(twice);
      }
      first.set(.1 / (step + 1));
      second.set(.1 / (step + 1));
      once.fit(new INDArray[] {INPUT}, new INDArray[] {LABELS});
      twice.fit(new INDArray[] {INPUT}, new INDArray[] {LABELS});
    }
    assertThat(twice.params()).isEqualTo(once.params());
  }

  private static double distanceOfAStep(ComputationGraph network) {
    INDArray before = network.getLayer("dense").params().dup();
    network.fit(new INDArray[] {INPUT}, new INDArray[] {LABELS});
    return network.getLayer("dense").params().sub(before).norm2Number().doubleValue();
  }

  /** As dl4j-spark's worker makes its graph. */
  private static ComputationGraph replica(ComputationGraph origin) {
    ComputationGraph replica = new ComputationGraph(origin.getConfiguration().clone());
    replica.init(origin.params().dup(), false);
    return replica;
  }

  private static ComputationGraph network() {
    return network(new Nesterovs(0, .9));
  }

  private static ComputationGraph network(IUpdater updater) {
    ComputationGraph network =
        new ComputationGraph(
            new NeuralNetConfiguration.Builder()
                .seed(1)
                .updater(updater)
                .graphBuilder()
                .addInputs("in")
                .addLayer("dense", new DenseLayer.Builder().nIn(4).nOut(6).build(), "in")
                .addLayer("norm", new BatchNormalization.Builder().nIn(6).nOut(6).build(), "dense")
                .addLayer(
                    "out",
                    new OutputLayer.Builder(LossFunction.MCXENT)
                        .activation(Activation.SOFTMAX)
                        .nIn(6)
                        .nOut(8)
                        .build(),
                    "norm")
                .setOutputs("out")
                .build());
    network.init();
    return network;
  }
}
