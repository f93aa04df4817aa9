package io.dropblock.nn.pyramid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class LevelNetTest {
  private static final int[][] SIDES = {{5, 4}, {3, 2}, {1, 2}};

  private static LevelSettings.Builder small(LevelNet.Output form) {
    return new LevelSettings.Builder(3, 3)
        .convolutions(2, 4)
        .outputs(2, form)
        .batchNorm(.9, 1e-4)
        .initialValues(.3, -4.5);
  }

  /** See level_net.py beside the values. */
  @ParameterizedTest
  @EnumSource
  void isThatOfPyTorch(LevelNet.Output form) throws IOException {
    Map<String, Double> needed = oracle(form);
    Levels levels = Levels.of(small(form).build(), DataType.DOUBLE, SIDES);
    levels.vertex().paramTable(false).forEach(LevelNetTest::setPattern);
    INDArray[] inputs = new INDArray[SIDES.length];
    for (int level = 0; level < inputs.length; level++) {
      inputs[level] = Levels.pattern(5, level, 13, 2, SIDES[level][0], SIDES[level][1], 3).divi(6);
    }
    Map<String, INDArray> found = new HashMap<>();
    found.put("inferred", levels.forward(false, inputs));
    INDArray output = levels.forward(true, inputs);
    found.put("trained", output);
    found.putAll(levels.backward(Levels.pattern(5, 1, 13, output.shape())));
    assertThat(found.keySet()).isEqualTo(needed.keySet());
    found.forEach(
        (name, value) ->
            assertThat(value.mul(Levels.pattern(3, 2, 17, value.shape())).sumNumber().doubleValue())
                .as(name)
                .isCloseTo(needed.get(name), within(1e-9)));
  }

  private static Map<String, Double> oracle(LevelNet.Output form) throws IOException {
    Map<String, Double> values = new HashMap<>();
    try (var lines =
        new BufferedReader(
            new InputStreamReader(
                LevelNetTest.class.getResourceAsStream("level_net.csv"), StandardCharsets.UTF_8))) {
      lines
          .lines()
          .map(line -> line.split(","))
          .filter(line -> line[0].equals(form.name()))
          .forEach(line -> values.put(line[1], Double.valueOf(line[2])));
    }
    return values;
  }

  private static void setPattern(String name, INDArray value) {
    int number = name.startsWith("last") ? 2 : name.charAt(4) - '0';
    int level = name.contains("level") ? name.charAt(11) - '0' : 0;
    long[] shape = value.shape();
    value.assign(
        switch (LevelParameter.of(name)) {
          case WEIGHTS -> Levels.pattern(7, 3 + number, 11, shape).divi(10);
          case BIAS -> Levels.pattern(5, 1 + number, 7, shape).divi(10);
          case GAMMA -> Levels.pattern(3, level + number, 5, shape).divi(8).addi(1);
          case BETA -> Levels.pattern(2, level + 2 * number, 5, shape).divi(8);
          case MEAN -> Levels.pattern(4, level + number, 7, shape).divi(8);
          case VARIANCE -> Levels.pattern(6, level + number, 11, shape).divi(8).addi(2);
        });
  }

  /** Channels that the fast 3x3 convolutions take, and such that they do not. */
  @ParameterizedTest
  @ValueSource(ints = {32, 21})
  void isByLoopsWhatItIsByDefinition(int channels) {
    for (LevelNet.Output form : LevelNet.Output.values()) {
      LevelSettings settings =
          new LevelSettings.Builder(3, channels)
              .convolutions(2, channels)
              .outputs(channels, form)
              .initialValues(.1, 1)
              .build();
      int[][] sides = {{17, 13}, {9, 7}, {5, 4}};
      Levels slow = Levels.of(settings, DataType.DOUBLE, sides);
      Levels fast = Levels.of(settings, DataType.FLOAT, sides);
      fast.graph().setParams(slow.graph().params().castTo(DataType.FLOAT));
      slow.graph().setParams(fast.graph().params().castTo(DataType.DOUBLE));
      INDArray[] floats = new INDArray[sides.length];
      INDArray[] doubles = new INDArray[sides.length];
      for (int level = 0; level < sides.length; level++) {
        floats[level] = Nd4j.randn(DataType.FLOAT, 2, sides[level][0], sides[level][1], channels);
        doubles[level] = floats[level].castTo(DataType.DOUBLE);
      }
      Levels.assertClose(
          "inferred", fast.forward(false, floats), slow.forward(false, doubles), 1e-5);
      INDArray output = slow.forward(true, doubles);
      Levels.assertClose("trained", fast.forward(true, floats), output, 1e-5);
      INDArray epsilon = Nd4j.randn(DataType.FLOAT, output.shape());
      Map<String, INDArray> needed = slow.backward(epsilon.castTo(DataType.DOUBLE));
      fast.backward(epsilon)
          .forEach((name, value) -> Levels.assertClose(name, value, needed.get(name), 1e-5));
    }
  }

  @Test
  void readsInputsInAnyMemoryOrder() {
    Levels levels = Levels.of(small(LevelNet.Output.SUM).build(), DataType.FLOAT, SIDES);
    INDArray[] inputs = new INDArray[SIDES.length];
    INDArray[] turned = new INDArray[SIDES.length];
    for (int level = 0; level < inputs.length; level++) {
      inputs[level] = Nd4j.randn(DataType.FLOAT, 2, SIDES[level][0], SIDES[level][1], 3);
      turned[level] = inputs[level].dup('f');
    }
    assertThat(levels.forward(false, turned)).isEqualTo(levels.forward(false, inputs));
  }

  @Test
  void beginsWithTheValuesOfItsSettings() {
    LevelSettings settings =
        new LevelSettings.Builder(2, 32)
            .convolutions(1, 64)
            .outputs(9, LevelNet.Output.POSITIONS)
            .initialValues(.01, -4.595)
            .build();
    Map<String, INDArray> table =
        Levels.of(settings, DataType.FLOAT, new int[] {4, 4}, new int[] {2, 2})
            .vertex()
            .paramTable(false);
    assertThat(table.keySet())
        .containsExactly(
            "conv0/W",
            "conv0/b",
            "conv0/level0/gamma",
            "conv0/level0/beta",
            "conv0/level1/gamma",
            "conv0/level1/beta",
            "last/W",
            "last/b",
            "conv0/level0/mean",
            "conv0/level0/var",
            "conv0/level1/mean",
            "conv0/level1/var");
    INDArray weights = table.get("conv0/W");
    assertThat(weights.stdNumber().doubleValue()).isCloseTo(.01, within(3e-4));
    assertThat(weights.meanNumber().doubleValue()).isCloseTo(0, within(3e-4));
    assertThat(table.get("last/W").stdNumber().doubleValue()).isCloseTo(.01, within(6e-4));
    assertThat(table.get("conv0/b")).isEqualTo(Nd4j.zeros(DataType.FLOAT, 64));
    assertThat(table.get("last/b")).isEqualTo(Nd4j.valueArrayOf(new long[] {9}, -4.595f));
    assertThat(table.get("conv0/level1/gamma")).isEqualTo(Nd4j.ones(DataType.FLOAT, 64));
    assertThat(table.get("conv0/level1/var")).isEqualTo(Nd4j.ones(DataType.FLOAT, 64));
    assertThat(table.get("conv0/level0/beta")).isEqualTo(Nd4j.zeros(DataType.FLOAT, 64));
  }

  /** spec: 2,413,845 of the whole segmentation head, with 512 + 48,405 behind the sum. */
  @Test
  void countsParametersAndMultiplyAdds() {
    LevelNet head =
        new LevelNet(
            new LevelSettings.Builder(3, 256)
                .convolutions(3, 256)
                .outputs(256, LevelNet.Output.SUM)
                .build());
    assertThat(head.movingStatistics()).isEqualTo(3 * 3 * 2 * 256);
    assertThat(head.numParams(true) - head.movingStatistics()).isEqualTo(2_413_845 - 48_917);
    InputType[] inputs = {maps(65, 256), maps(33, 256), maps(17, 256)};
    assertThat(head.multiplyAdds(inputs)).isEqualTo(4L * 256 * 256 * 9 * (4225 + 1089 + 289));
    assertThat(head.getOutputType(0, inputs)).isEqualTo(maps(65, 256));
    LevelNet detection =
        new LevelNet(
            new LevelSettings.Builder(3, 256).outputs(36, LevelNet.Output.POSITIONS).build());
    assertThat(detection.getOutputType(0, inputs))
        .isEqualTo(InputType.recurrent(36, 5603, RNNFormat.NWC));
    assertThat(
            new LevelNet(
                    new LevelSettings.Builder(1, 256)
                        .convolutions(1, 256)
                        .bias(false)
                        .outputs(1, LevelNet.Output.SUM)
                        .build())
                .numParams(true))
        .isEqualTo(256 * 256 * 9 + 4 * 256 + 256 * 9 + 1);
  }

  private static InputType maps(int side, int channels) {
    return InputType.convolutional(side, side, channels, CNN2DFormat.NHWC);
  }

  @Test
  void refusesWhatDoesNotFit() {
    LevelNet net = new LevelNet(small(LevelNet.Output.SUM).build());
    assertThatThrownBy(() -> net.getOutputType(0, maps(8, 3), maps(4, 3)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("Cannot apply LevelNet to [8x8x3, 4x4x3]: 3 levels of 3 channels are needed");
    assertThatThrownBy(() -> net.getOutputType(0, maps(8, 3), maps(4, 3), maps(2, 5)))
        .hasMessageContaining("3 channels are needed");
    assertThatThrownBy(() -> net.getOutputType(0, maps(4, 3), maps(8, 3), maps(2, 3)))
        .hasMessage(
            "Cannot upsample maps of 8x8x3 to 4x4x3: they do not fit, no smaller size is needed");
    InputType channelsFirst = InputType.convolutional(8, 8, 3, CNN2DFormat.NCHW);
    assertThatThrownBy(() -> net.getOutputType(0, channelsFirst, channelsFirst, channelsFirst))
        .hasMessageContaining("maps with the channels last are needed");
    Levels levels = Levels.of(small(LevelNet.Output.SUM).build(), DataType.FLOAT, SIDES);
    INDArray good = Nd4j.zeros(DataType.FLOAT, 2, 5, 4, 3);
    INDArray bad = Nd4j.zeros(DataType.FLOAT, 1, 3, 2, 3);
    assertThatThrownBy(() -> levels.forward(false, good, bad, bad))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith("Cannot apply LevelNet 'net' to inputs of shape [[2, 5, 4, 3],");
    assertThatThrownBy(
            () -> new LevelSettings.Builder(0, 3).outputs(1, LevelNet.Output.SUM).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot make a LevelNet: its levels is 0, at least 1 is needed");
    assertThatThrownBy(() -> LevelParameter.of("conv0/x")).hasMessageContaining("'conv0/x'");
  }

  /** Weights are packed anew for each pass: a single one that changed is seen, both ways. */
  @Test
  void seesEveryChangeOfItsWeights() {
    LevelSettings settings =
        new LevelSettings.Builder(2, 16)
            .convolutions(1, 16)
            .outputs(18, LevelNet.Output.POSITIONS)
            .batchNorm(.9, 1e-4)
            .initialValues(.3, 0)
            .build();
    int[][] sides = {{5, 4}, {3, 2}};
    Levels used = Levels.of(settings, DataType.FLOAT, sides);
    INDArray[] inputs = {
      Nd4j.randn(DataType.FLOAT, 2, 5, 4, 16), Nd4j.randn(DataType.FLOAT, 2, 3, 2, 16)
    };
    INDArray before = used.forward(true, inputs);
    INDArray epsilon = Nd4j.randn(DataType.FLOAT, before.shape());
    used.backward(epsilon);
    used.vertex().paramTable(false).get("last/W").putScalar(new int[] {1, 1, 1, 1}, 3);
    Levels fresh = Levels.of(settings, DataType.FLOAT, sides);
    fresh.graph().params().assign(used.graph().params());
    INDArray expected = fresh.forward(true, inputs);
    assertThat(expected).isNotEqualTo(before);
    assertThat(used.forward(true, inputs)).isEqualTo(expected);
    assertThat(used.backward(epsilon)).isEqualTo(fresh.backward(epsilon));

    used.vertex().keepPacked();
    INDArray kept = used.forward(false, inputs);
    used.graph().params().muli(2);
    assertThat(used.forward(false, inputs)).isNotEqualTo(kept);
    used.vertex().paramTable(false).get("last/W").putScalar(new int[] {1, 1, 1, 1}, -3);
    used.vertex().forgetPacked();
    fresh.graph().params().assign(used.graph().params());
    assertThat(used.forward(false, inputs)).isEqualTo(fresh.forward(false, inputs));
  }
}
