package io.dropblock.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.dropblock.genotype.CellGenotype;
import io.dropblock.genotype.Genotype;
import io.dropblock.optimizer.Momentum;
import io.dropblock.optimizer.WeightDecay;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Expected counts are the TensorFlow code's; GPipe states 557 million for (6, 512). */
class AmoebaNetTest {
  private static final MapShape IMAGE = new MapShape(3, 331, 331);
  private static final int CLASSES = 1001;
  private static final Momentum OPTIMIZER =
      new Momentum(.9, true, WeightDecay.ofKernelsAndBiases(4e-5));

  @ParameterizedTest
  @CsvSource({
    "6, 190, 79011717, 950196, 20.93, 2",
    "6, 192, 80646777, 951012, 21.38, 2",
    "4, 256, 97510569, 977124, 26.36, 2",
    "6, 228, 112912180, 965700, 30.08, 2",
    "6, 256, 141751465, 977124, 37.87, 2",
    "6, 448, 427735033, 1055460, 115.5, 1",
    "6, 512, 557286057, 1081572, 150.7, 1"
  })
  void costsWhatTheSourceCosts(
      int cells, int filters, long parameters, long auxiliary, double billions, int digits) {
    NetworkSummary whole = summary(new AmoebaNet(cells, filters), true, Regularization.none());
    NetworkSummary second = whole.within(Auxiliary.AT);
    assertThat(second.trainableParameters()).isEqualTo(auxiliary);
    assertThat(whole.trainableParameters()).isEqualTo(parameters + auxiliary);
    NetworkSummary alone = summary(new AmoebaNet(cells, filters), false, Regularization.none());
    assertThat(alone.trainableParameters()).isEqualTo(parameters);
    assertThat(alone.multiplyAdds() / 1e9).isCloseTo(billions, within(.5 * Math.pow(10, -digits)));
    assertThat(alone.multiplyAdds() + second.multiplyAdds()).isEqualTo(whole.multiplyAdds());
  }

  private static NetworkSummary summary(
      AmoebaNet trunk, boolean auxiliary, Regularization regularization) {
    return NetworkSummary.of(configuration(trunk, auxiliary, regularization), IMAGE);
  }

  private static ComputationGraphConfiguration configuration(
      AmoebaNet trunk, boolean auxiliary, Regularization regularization) {
    var head =
        new ClassificationHead(
            CLASSES, .1, .5, Optional.of(new Auxiliary(4, .4)).filter(any -> auxiliary));
    return new Architecture(trunk, head, NormSettings.CLASSIFICATION)
        .configuration(IMAGE, regularization, OPTIMIZER, 1);
  }
}
