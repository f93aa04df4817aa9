package io.dropblock.nn.pyramid;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** One image's positions are written in place, those of several are copied: the same numbers. */
class LevelPositionsTest {
  private static final int POSITIONS = 8 * 6 + 4 * 3 + 2 * 2;

  @ParameterizedTest
  @EnumSource(
      value = DataType.class,
      names = {"FLOAT", "DOUBLE"})
  void areThoseOfImageAfterImage(DataType type) {
    LevelSettings settings =
        new LevelSettings.Builder(3, 4)
            .outputs(5, LevelNet.Output.POSITIONS)
            .initialValues(.5, .25)
            .build();
    Levels levels = Levels.of(settings, type, new int[] {8, 6}, new int[] {4, 3}, new int[] {2, 2});
    INDArray[] maps = {
      Levels.pattern(7, 3, 11, 2, 8, 6, 4).castTo(type),
      Levels.pattern(5, 1, 13, 2, 4, 3, 4).castTo(type),
      Levels.pattern(3, 2, 17, 2, 2, 2, 4).castTo(type)
    };
    INDArray epsilon = Levels.pattern(5, 4, 19, 2, POSITIONS, 5).castTo(type);
    INDArray output = levels.forward(true, maps).dup();
    Map<String, INDArray> gradients = levels.backward(epsilon.dup());
    gradients.replaceAll((name, values) -> values.dup());
    INDArray weights = Nd4j.zeros(type, gradients.get("last/W").shape());
    assertThat(output.shape()).containsExactly(2, POSITIONS, 5);
    for (int image = 0; image < 2; image++) {
      INDArray[] one = {one(maps[0], image), one(maps[1], image), one(maps[2], image)};
      Levels.assertClose("output", levels.forward(true, one), one(output, image), 1e-6);
      INDArray of = one(epsilon, image);
      Map<String, INDArray> found = levels.backward(of);
      assertThat(of).isEqualTo(one(epsilon, image));
      for (String input : new String[] {"input0", "input1", "input2"}) {
        Levels.assertClose(input, found.get(input), one(gradients.get(input), image), 1e-5);
      }
      weights.addi(found.get("last/W"));
    }
    Levels.assertClose("last/W", weights, gradients.get("last/W"), 1e-5);
  }

  private static INDArray one(INDArray array, int image) {
    return array.get(NDArrayIndex.interval(image, image + 1)).dup('c');
  }
}
