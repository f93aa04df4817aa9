package io.dropblock.bench.step.workload;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * Any class for each image, or for each pixel of the output.
 *
 * @param classes number of classes
 * @param outputs of the network, which all learn the same
 * @param shape of the array of a batch
 */
record ClassNumbers(int classes, int outputs, long... shape) implements SyntheticLabels {
  @Override
  public List<LabelArray> draw(Random random) {
    float[] numbers =
        new float[Math.toIntExact(Arrays.stream(shape).reduce(1, Math::multiplyExact))];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = random.nextInt(classes);
    }
    return Collections.nCopies(outputs, new LabelArray(numbers, shape));
  }
}
