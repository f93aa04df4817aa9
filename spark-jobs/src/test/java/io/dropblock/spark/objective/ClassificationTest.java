package io.dropblock.spark.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.dropblock.metric.TopKAccuracy;
import io.dropblock.spark.data.feed.ClassTargets;
import io.dropblock.spark.data.image.Image;
import io.dropblock.spark.data.image.Normalization;
import io.dropblock.spark.data.image.ShownPixels;
import io.dropblock.spark.objective.picture.Exhibit;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class ClassificationTest {
  private static final Classification OBJECTIVE = new Classification(4);

  private static FloatBuffer outside(float... values) {
    FloatBuffer memory =
        ByteBuffer.allocateDirect(4 * values.length).order(ByteOrder.nativeOrder()).asFloatBuffer();
    return memory.put(0, values);
  }

  @Test
  void labelsAreARowAnImage() {
    INDArray[] plain = OBJECTIVE.labels(new ClassTargets(new int[] {3, 1}, outside(3, 1)));
    assertThat(plain).hasSize(1);
    assertThat(plain[0].toFloatMatrix()).isDeepEqualTo(new float[][] {{3}, {1}});
    INDArray[] mixed =
        OBJECTIVE.labels(new ClassTargets(new int[] {3, 1}, outside(3, 1, .25f, 1, 3, .25f)));
    assertThat(mixed[0].toFloatMatrix()).isDeepEqualTo(new float[][] {{3, 1, .25f}, {1, 3, .25f}});
  }

  @Test
  void oneHotLabelsAreWeightsOfClasses() {
    OneHotClassification labels = new OneHotClassification(4);
    INDArray[] plain = labels.labels(new ClassTargets(new int[] {3, 1}, outside(3, 1)));
    assertThat(plain).hasSize(1);
    assertThat(plain[0].toFloatMatrix()).isDeepEqualTo(new float[][] {{0, 0, 0, 1}, {0, 1, 0, 0}});
    ClassTargets mixed = new ClassTargets(new int[] {3, 2}, outside(3, 0, .25f, 2, 2, .25f));
    assertThat(labels.labels(mixed)[0].toFloatMatrix())
        .isDeepEqualTo(new float[][] {{.75f, 0, 0, .25f}, {0, 0, 1, 0}});
    assertThatThrownBy(() -> labels.labels(new ClassTargets(new int[] {4}, outside(4))))
        .hasMessage("Cannot make labels of 4 classes: an image is of class 4");
    assertThatThrownBy(() -> new OneHotClassification(1))
        .hasMessage("Cannot make labels of 1 class: there must be at least 2");
  }

  @Test
  void countsWhatIsRight() {
    TopKAccuracy metric = OBJECTIVE.metric();
    INDArray[] outputs = {Nd4j.createFromArray(new float[][] {{0, 0, 0, 1}, {.4f, .3f, .2f, .1f}})};
    OBJECTIVE.add(metric, outputs, new ClassTargets(new int[] {3, 1}, outside(3, 1)));
    assertThat(metric.scores().primary().value()).isEqualTo(.5);
  }

  @Test
  void tellsOfEachImage() {
    INDArray[] outputs = {
      Nd4j.createFromArray(
          new float[][] {{.1f, .2f, .3f, .4f}, {.5f, 0, .5f, 0}, {0, Float.NaN, 1, 0}})
    };
    ClassTargets targets = new ClassTargets(new int[] {2, 0, 2}, outside(2, 0, 2));
    Answers answers = OBJECTIVE.add(OBJECTIVE.metric(), outputs, targets);
    assertThat(answers.size()).isEqualTo(3);
    assertThat(answers.loss(0)).isCloseTo(-Math.log(.3), within(1e-6));
    assertThat(answers.isRight(0)).isFalse();
    assertThat(answers.said(0)).isEqualTo(3);
    assertThat(answers.isRight(1)).isTrue();
    assertThat(answers.said(1)).isZero();
    assertThat(answers.said(2)).isEqualTo(Answers.NONE);
    assertThat(answers.truth(2)).isEqualTo(2);
    FloatBuffer pixels = outside(new float[3 * 3 * 4]);
    pixels.put(12, 200).put(17, 7);
    Exhibit exhibit =
        answers.exhibit(
            1, new ShownPixels(pixels, Normalization.NONE, 2), List.of("a", "b", "c", "d"));
    assertThat(exhibit.caption()).containsExactly("0.50 a");
    Image image = exhibit.panels().get(0).tile().image();
    assertThat(image.value(0, 0, 0)).isEqualTo(200);
    assertThat(image.value(1, 0, 1)).isEqualTo(7);
    assertThat(
            answers
                .exhibit(
                    0, new ShownPixels(pixels, Normalization.NONE, 2), List.of("a", "b", "c", "d"))
                .caption())
        .containsExactly("0.30 c", "\u2192 0.40 d");
  }

  @Test
  void measuresNoAccuracyOnMixedImages() {
    ClassTargets mixed = new ClassTargets(new int[] {3, 1}, outside(3, 1, .25f, 1, 3, .25f));
    INDArray[] outputs = {Nd4j.zeros(2, 4)};
    assertThatThrownBy(() -> OBJECTIVE.add(OBJECTIVE.metric(), outputs, mixed))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot measure accuracy on mixed images: each is of two classes");
  }

  @Test
  void allOutputsLearnTheSame() {
    for (int outputs = 1; outputs <= 2; outputs++) {
      INDArray[] labels =
          new Classification(4, outputs).labels(new ClassTargets(new int[] {2, 0}, outside(2, 0)));
      assertThat(labels).hasSize(outputs);
      for (INDArray ofOutput : labels) {
        assertThat(ofOutput.toFloatMatrix()).isDeepEqualTo(new float[][] {{2}, {0}});
      }
    }
  }

  @Test
  void theFirstIsMeasured() {
    Classification objective = new Classification(3, 2);
    TopKAccuracy metric = objective.metric();
    INDArray right = Nd4j.createFromArray(new float[][] {{0, 0, 1}, {1, 0, 0}});
    INDArray[] outputs = {right, right.mul(-1)};
    objective.add(metric, outputs, new ClassTargets(new int[] {2, 0}, outside(2, 0)));
    assertThat(metric.scores().primary().value()).isEqualTo(1);
  }

  @Test
  void refusesNoClassesAndNoOutputs() {
    assertThatThrownBy(() -> new Classification(1)).hasMessage("Invalid classification: 1 classes");
    assertThatThrownBy(() -> new Classification(3, 0))
        .hasMessage("Invalid classification: 0 outputs");
  }
}
