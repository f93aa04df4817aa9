package io.dropblock.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Collection;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.learning.regularization.L2Regularization;
import org.nd4j.linalg.learning.regularization.Regularization.ApplyStep;

class OptimizerTest {
  private final Collection<BaseLayer> layers =
      Layers.of(
          Architecture.classifier(new CifarResNet(8), 10)
              .configuration(
                  new MapShape(3, 32, 32), Regularization.none(), new Optimizer(.9, 1e-4), 1));

  @Test
  void decaysKernelsAndTheDenseBiasBeforeTheMomentum() {
    assertThat(layers)
        .filteredOn(layer -> layer instanceof ConvolutionLayer || layer instanceof OutputLayer)
        .hasSize(10)
        .allSatisfy(layer -> assertDecayed(layer, "W"));
    assertThat(layers)
        .filteredOn(OutputLayer.class::isInstance)
        .singleElement()
        .satisfies(layer -> assertDecayed(layer, "b"));
  }

  @Test
  void leavesNormalizationsUndecayed() {
    assertThat(layers)
        .filteredOn(BatchNormalization.class::isInstance)
        .hasSize(9)
        .allSatisfy(
            layer -> {
              assertThat(layer.getRegularizationByParam("gamma")).isNull();
              assertThat(layer.getRegularizationByParam("beta")).isNull();
              assertThat(layer.getUpdaterByParam("gamma")).isEqualTo(new Nesterovs(0, .9));
              assertThat(layer.getUpdaterByParam("log10stdev")).isInstanceOf(NoOp.class);
            });
  }

  @Test
  void addsNoDecayWhenItIsZero() {
    var undecayed =
        Layers.of(
            Architecture.classifier(new CifarResNet(8), 10)
                .configuration(
                    new MapShape(3, 32, 32), Regularization.none(), new Optimizer(.9, 0), 1));
    assertThat(undecayed)
        .filteredOn(ConvolutionLayer.class::isInstance)
        .allSatisfy(layer -> assertThat(layer.getRegularizationByParam("W")).isNullOrEmpty());
  }

  @Test
  void refusesValuesOutOfRange() {
    assertThatThrownBy(() -> new Optimizer(1, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid momentum: 1.0 is not in [0, 1)");
    assertThatThrownBy(() -> new Optimizer(Double.NaN, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid momentum: NaN is not in [0, 1)");
    assertThatThrownBy(() -> new Optimizer(.9, -1e-4))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid weight decay: -1.0E-4 is not a finite number of at least 0");
  }

  private static void assertDecayed(BaseLayer layer, String parameter) {
    assertThat(layer.getRegularizationByParam(parameter))
        .singleElement()
        .isEqualTo(new L2Regularization(1e-4))
        .satisfies(decay -> assertThat(decay.applyStep()).isEqualTo(ApplyStep.BEFORE_UPDATER));
  }
}
