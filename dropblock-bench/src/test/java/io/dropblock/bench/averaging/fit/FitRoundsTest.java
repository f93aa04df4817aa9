package io.dropblock.bench.averaging.fit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropblock.bench.figure.MeasurementException;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;

class FitRoundsTest {

  @ParameterizedTest
  @ValueSource(ints = {3, 1000, 12_345})
  void theNetworkHasExactlySoManyParametersAndLearns(int parameters) {
    ComputationGraph network = SparseNetwork.of(parameters);
    INDArray before = network.params().dup();
    SparseNetwork.batches(5).forEachRemaining(network::fit);

    assertThat(network.numParams()).isEqualTo(parameters);
    assertThat(network.getUpdater().getStateViewArray().length()).isEqualTo(parameters);
    assertThat(network.params().distance2(before)).isPositive();
  }

  @Test
  void aRoundIsWhatOneMoreOfThemCosts() {
    assertThat(new RoundCounts(10, 110).difference()).isEqualTo(100);
    assertThatThrownBy(() -> new RoundCounts(4, 4))
        .hasMessage("Invalid numbers of rounds: 4 and 4");
  }

  @Test
  void saysWhyADriverCannotMeasure() {
    FitJob impossible = new FitJob(1000, 0, 1, new RoundCounts(1, 2), new RoundCounts(1, 2));

    assertThatThrownBy(() -> FitRounds.measure(impossible))
        .isInstanceOf(MeasurementException.class)
        .message()
        .hasLineCount(1);
  }
}
