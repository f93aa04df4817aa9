package io.dropblock.spark.report.evaluated;

import io.dropblock.metric.TopKAccuracy;
import io.dropblock.spark.data.feed.ClassTargets;
import io.dropblock.spark.data.image.Normalization;
import io.dropblock.spark.data.image.ShownPixels;
import io.dropblock.spark.evaluate.Evaluation;
import io.dropblock.spark.evaluate.example.ExampleLimits;
import io.dropblock.spark.evaluate.example.Examples;
import io.dropblock.spark.objective.Answers;
import io.dropblock.spark.objective.Classification;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** What was measured on images of noise, whose classes have names with markup. */
public final class MeasuredImages {
  /** Of the classes. */
  public static final String HOSTILE = "<script>alert(1)</script>&\"'";

  private static final int SIDE = 24;

  private MeasuredImages() {}

  /** Names of so many classes. */
  public static List<String> names(int classes) {
    return IntStream.range(0, classes).mapToObj(i -> i + HOSTILE).toList();
  }

  /** The sheet that the tab gets. */
  public static Evaluated told(int epochs) throws Exception {
    return ShowEvaluated.told(epoch(epochs, 3, 30));
  }

  static EvaluatedEpoch epoch(int epochs, int classes, int images) {
    return new EvaluatedEpoch(
        epochs, "noise after " + epochs, names(classes), result(classes, images));
  }

  static Evaluation.Result result(int classes, int images) {
    Classification objective = new Classification(classes);
    TopKAccuracy metric = objective.metric();
    Random random = new Random(9);
    int[] labels = random.ints(images, 0, classes).toArray();
    INDArray said = Nd4j.rand(DataType.FLOAT, images, classes);
    said.diviColumnVector(said.sum(1));
    FloatBuffer numbers = floats(images);
    FloatBuffer pixels = floats(images * 3 * SIDE * SIDE);
    for (int i = 0; i < pixels.capacity(); i++) {
      pixels.put(i, random.nextInt(256));
    }
    Answers answers =
        objective.add(metric, new INDArray[] {said}, new ClassTargets(labels, numbers));
    Examples examples = new Examples(ExampleLimits.SHEET);
    examples.add(answers, 0, new ShownPixels(pixels, Normalization.NONE, SIDE), names(classes));
    return new Evaluation.Result(metric.scores(), images, metric, examples);
  }

  private static FloatBuffer floats(int count) {
    return ByteBuffer.allocateDirect(4 * count).order(ByteOrder.nativeOrder()).asFloatBuffer();
  }
}
