package io.dropblock.spark.objective;

import static org.assertj.core.api.Assertions.assertThat;

import io.dropblock.metric.MeanIoU;
import io.dropblock.spark.data.feed.LabelMapTargets;
import io.dropblock.spark.data.image.Normalization;
import io.dropblock.spark.data.image.ShownPixels;
import io.dropblock.spark.objective.picture.Exhibit;
import io.dropblock.spark.objective.picture.Hue;
import io.dropblock.spark.objective.picture.Panel;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class SegmentationTest {
  private static final Segmentation OBJECTIVE = new Segmentation(List.of("background", "cat"));

  /** Two maps of 2 x 2: all background, and all cat but for a void pixel. */
  private static LabelMapTargets targets() {
    byte[] labels = {0, 0, 0, 0, 1, 1, 1, (byte) 255};
    FloatBuffer numbers =
        ByteBuffer.allocateDirect(4 * labels.length).order(ByteOrder.nativeOrder()).asFloatBuffer();
    for (int i = 0; i < labels.length; i++) {
      numbers.put(i, labels[i] & 0xFF);
    }
    return new LabelMapTargets(labels, 2, 2, numbers);
  }

  /** One position an image, which says background. */
  private static INDArray background() {
    return Nd4j.createFromArray(new float[] {2, 1, 2, 1}).reshape(2, 1, 1, 2);
  }

  @Test
  void labelsAreClassNumbersOverTheFeedsMemory() {
    LabelMapTargets targets = targets();
    INDArray labels = OBJECTIVE.labels(targets)[0];
    assertThat(labels.shape()).containsExactly(2, 2, 2);
    assertThat(labels.reshape(8).toFloatVector()).containsExactly(0, 0, 0, 0, 1, 1, 1, 255);
  }

  @Test
  void outputsAreUpsampledToTheMaps() {
    MeanIoU metric = OBJECTIVE.metric();
    OBJECTIVE.add(metric, new INDArray[] {background()}, targets());
    assertThat(metric.scores().value("IoU background")).hasValue(4 / 7.0);
    assertThat(metric.scores().value("IoU cat")).hasValue(0.0);
  }

  /** Of the second image one pixel of three is found; the void one is not counted. */
  @Test
  void tellsOfEachImageTheShareOfWrongPixels() {
    INDArray[] outputs = {
      Nd4j.createFromArray(new float[] {2, 1, 2, 1, 2, 1, 1, 2, 2, 1, 2, 1, 1, 2, 2, 1})
          .reshape(2, 2, 2, 2)
    };
    Answers answers = OBJECTIVE.add(OBJECTIVE.metric(), outputs, targets());
    assertThat(answers.loss(0)).isEqualTo(.25);
    assertThat(answers.loss(1)).isEqualTo(2 / 3.);
    assertThat(answers.isRight(0)).isFalse();
    assertThat(answers.truth(0)).isEqualTo(Answers.NONE);
    FloatBuffer pixels =
        ByteBuffer.allocateDirect(4 * 24).order(ByteOrder.nativeOrder()).asFloatBuffer();
    Exhibit exhibit =
        answers.exhibit(1, new ShownPixels(pixels, Normalization.NONE, 2), OBJECTIVE.classes());
    assertThat(exhibit.caption()).containsExactly("66.7 % of the pixels wrong");
    assertThat(exhibit.panels())
        .extracting(Panel::head)
        .containsExactly("image", "truth", "prediction");
    assertThat(exhibit.panels().get(1).tile().image().value(0, 0, 0)).isEqualTo(0x80);
    assertThat(exhibit.panels().get(1).tile().image().value(1, 1, 0)).isEqualTo(0xE0);
    assertThat(exhibit.panels().get(2).tile().image().value(0, 0, 0)).isZero();
    assertThat(exhibit.legend()).extracting(Hue::name).containsExactly("background", "cat", "void");
  }

  @Test
  void anOutputThatIsNotFiniteIsNoClass() {
    MeanIoU metric = OBJECTIVE.metric();
    Answers answers =
        OBJECTIVE.add(metric, new INDArray[] {background().putScalar(3, Float.NaN)}, targets());
    assertThat(answers.loss(0)).isNaN();
    assertThat(metric.scores().primary().value()).isNaN();
    assertThat(metric.scores().notes()).containsExactly("images whose outputs are not finite: 1");
  }
}
