package io.dropblock.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.dropblock.cpu.UpdateLoops;
import io.dropblock.cpu.UpdateRule;
import io.dropblock.optimizer.settings.OptimizerUpdater;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.regularization.Regularization;

/**
 * Against PyTorch 1.13, five steps with a drop of the rate:
 *
 * <pre>{@code
 * import torch
 * for nesterov in (False, True):
 *     for decay in (0, .05):
 *         w = torch.tensor([.5, -1.25, 2.], dtype=torch.float64, requires_grad=True)
 *         sgd = torch.optim.SGD([w], lr=.1, momentum=.9, nesterov=nesterov, weight_decay=decay)
 *         for step in range(5):
 *             sgd.param_groups[0]['lr'] = .1 if step < 3 else .01
 *             w.grad = torch.tensor([.1 * (step + 1), -.2, .3 - .1 * step], dtype=torch.float64)
 *             sgd.step()
 *         print(w.tolist(), sgd.state[w]['momentum_buffer'].tolist())
 * }</pre>
 */
class MomentumTest {
  private static final int STEPS = 5;
  private static final double[] START = {.5, -1.25, 2};

  /** What PyTorch printed. */
  private record Expected(boolean nesterov, double decay, double[] parameters, double[] velocity) {
    Momentum optimizer() {
      return new Momentum(.9, nesterov, WeightDecay.ofKernelsAndBiases(decay));
    }
  }

  private static Stream<Expected> ofPyTorch() {
    return Stream.of(
        new Expected(
            false,
            0,
            new double[] {.3827068999999999, -1.1227318, 1.8627567},
            new double[] {1.31441, -.8190200000000001, .3236299999999999}),
        new Expected(
            false,
            .05,
            new double[] {.3673598100233594, -1.083892077972805, 1.80042434592225},
            new double[] {1.403636200789063, -1.056553579282031, .709470957775}),
        new Expected(
            true,
            0,
            new double[] {.3254362099999999, -1.07145862, 1.81748103},
            new double[] {1.31441, -.8190200000000001, .3236299999999999}),
        new Expected(
            true,
            .05,
            new double[] {.3046332572759288, -1.018105435024908, 1.731577612773887},
            new double[] {1.39653588069947, -1.047840601023761, .6991453213480524}));
  }

  private static double rate(int step) {
    return step < 3 ? .1 : .01;
  }

  private static INDArray gradient(DataType type, int step) {
    return Nd4j.createFromArray(.1 * (step + 1), -.2, .3 - .1 * step).castTo(type);
  }

  @ParameterizedTest
  @MethodSource("ofPyTorch")
  void theDefinitionIsPyTorchs(Expected expected) {
    INDArray parameters = Nd4j.createFromArray(START);
    INDArray velocity = Nd4j.ones(DataType.DOUBLE, START.length);
    OptimizerUpdater updater = expected.optimizer().updater().instantiate(velocity, true);
    for (int step = 0; step < STEPS; step++) {
      updater.getConfig().setLrAndSchedule(rate(step), null);
      parameters.subi(step(updater, expected, parameters, step));
    }
    assertClose(parameters, expected.parameters(), 1e-14);
    assertClose(velocity, expected.velocity(), 1e-14);
  }

  /** Decay as DL4J adds it. */
  private static INDArray step(
      OptimizerUpdater updater, Expected expected, INDArray parameters, int step) {
    INDArray gradient = gradient(parameters.dataType(), step);
    for (Regularization decay :
        expected.optimizer().decay().regularizationOf(ParameterGroup.KERNELS)) {
      decay.apply(parameters, gradient, rate(step), step, 0);
    }
    updater.applyUpdater(gradient, step, 0);
    return gradient;
  }

  @ParameterizedTest
  @MethodSource("ofPyTorch")
  void theLoopsArePyTorchs(Expected expected) {
    INDArray parameters = Nd4j.createFromArray(START).castTo(DataType.FLOAT);
    INDArray velocity = Nd4j.zeros(DataType.FLOAT, START.length);
    assumeTrue(UpdateLoops.take(parameters), "there are no native loops");
    var loops =
        new UpdateLoops(List.of(new UpdateLoops.Range(0, START.length, 0, 0, expected.decay(), 0)));
    for (int step = 0; step < STEPS; step++) {
      INDArray gradient = gradient(DataType.FLOAT, step).mul(4);
      loops.update(
          gradient,
          velocity,
          parameters,
          .25,
          new UpdateRule.Momentum(rate(step), .9, expected.nesterov()));
      parameters.subi(gradient);
    }
    assertClose(parameters, expected.parameters(), 1e-6);
    assertClose(velocity, expected.velocity(), 1e-6);
  }

  private static void assertClose(INDArray found, double[] expected, double tolerance) {
    for (int i = 0; i < expected.length; i++) {
      assertThat(found.getDouble(i)).isCloseTo(expected[i], within(tolerance));
    }
  }

  /** More than a piece of work, ranges with a gap, and a velocity that has none. */
  @ParameterizedTest
  @MethodSource("ofPyTorch")
  void theLoopsAreTheDefinitionBitForBit(Expected expected) {
    int length = 100_000;
    int gap = 7;
    Nd4j.getRandom().setSeed(3);
    INDArray parameters = Nd4j.randn(DataType.FLOAT, 2 * length + gap);
    INDArray gradient = Nd4j.randn(DataType.FLOAT, 2 * length + gap);
    INDArray velocity = Nd4j.randn(DataType.FLOAT, 2 * length);
    assumeTrue(UpdateLoops.take(parameters), "there are no native loops");
    INDArray before = gradient.dup();
    List<INDArray> steps = new ArrayList<>();
    List<INDArray> velocities = new ArrayList<>();
    List<UpdateLoops.Range> ranges = new ArrayList<>();
    for (int part = 0; part < 2; part++) {
      int from = part * (length + gap);
      double decay = expected.decay() * part;
      INDArray step = slice(gradient, from, length).div(8);
      step.addi(slice(parameters, from, length).mul(decay));
      INDArray ofPart = slice(velocity, part * length, length);
      MomentumSettings settings = expected.optimizer().updater();
      settings.setLrAndSchedule(.3, null);
      settings.instantiate(ofPart, false).applyUpdater(step, 0, 0);
      steps.add(step);
      velocities.add(ofPart);
      ranges.add(new UpdateLoops.Range(from, length, (long) part * length, 0, decay, 0));
    }
    new UpdateLoops(ranges)
        .update(
            gradient,
            velocity,
            parameters,
            1.0 / 8,
            new UpdateRule.Momentum(.3, .9, expected.nesterov()));
    for (int part = 0; part < 2; part++) {
      // an eighth is exact, so that the same sums are made in the same order
      assertThat(slice(gradient, part * (length + gap), length)).isEqualTo(steps.get(part));
      assertThat(slice(velocity, part * length, length)).isEqualTo(velocities.get(part));
    }
    assertThat(slice(gradient, length, gap)).isEqualTo(slice(before, length, gap));
  }

  private static INDArray slice(INDArray flat, int from, int length) {
    INDArray slice = Nd4j.createUninitialized(flat.dataType(), length);
    for (int i = 0; i < length; i++) {
      slice.putScalar(i, flat.getFloat(from + i));
    }
    return slice;
  }

  /** Equal while the rate is constant. */
  @Test
  void withoutADropOfTheRateItIsDl4jsOwn() {
    INDArray ours = Nd4j.createFromArray(START);
    INDArray theirs = ours.dup();
    MomentumSettings settings = new MomentumSettings(.9, true);
    settings.setLrAndSchedule(.1, null);
    var updater = settings.instantiate(Nd4j.zeros(DataType.DOUBLE, 3), true);
    var dl4j = new Nesterovs(.1, .9).instantiate(Nd4j.zeros(DataType.DOUBLE, 3), true);
    for (int step = 0; step < 20; step++) {
      INDArray gradient = gradient(DataType.DOUBLE, step);
      INDArray same = gradient.dup();
      updater.applyUpdater(gradient, step, 0);
      dl4j.applyUpdater(same, step, 0);
      ours.subi(gradient);
      theirs.subi(same);
    }
    assertThat(ours.distance2(theirs)).isLessThan(1e-13);
    settings.setLrAndSchedule(.01, null);
    updater.getConfig().setLrAndSchedule(.01, null);
    dl4j.getConfig().setLrAndSchedule(.01, null);
    INDArray gradient = gradient(DataType.DOUBLE, 0);
    INDArray same = gradient.dup();
    updater.applyUpdater(gradient, 20, 0);
    dl4j.applyUpdater(same, 20, 0);
    assertThat(gradient.distance2(same)).isGreaterThan(.1);
  }

  @Test
  void refusesMomentumOutOfRange() {
    for (double momentum : new double[] {1, -.1, Double.NaN}) {
      assertThatThrownBy(() -> new Momentum(momentum, true, WeightDecay.none()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("Invalid momentum: " + momentum + " is not in [0, 1)");
    }
  }
}
