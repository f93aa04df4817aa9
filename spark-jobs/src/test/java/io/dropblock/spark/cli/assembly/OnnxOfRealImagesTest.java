package io.dropblock.spark.cli.assembly;

import static org.assertj.core.api.Assertions.assertThat;

import io.dropblock.detection.Detections;
import io.dropblock.detection.Detector;
import io.dropblock.exchange.onnx.DetectionEnding;
import io.dropblock.exchange.onnx.OnnxModel;
import io.dropblock.nn.pyramid.LabelMaps;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * Of 40 real images a model says in ONNX Runtime what its network says here: with our
 * preprocessing, and from the pixels as they are.
 */
class OnnxOfRealImagesTest {

  static List<OnnxFamily> classifying() {
    return OnnxFamily.classifying().toList();
  }

  @ParameterizedTest
  @MethodSource("classifying")
  void classifies(OnnxFamily family) throws Exception {
    RealImages images = RealImages.imageNet();
    INDArray normalized = images.normalized(family);
    ComputationGraph network = StirredNetwork.of(family.parts(), normalized);
    INDArray expected = StirredNetwork.logits(network, normalized);
    long[] classes = expected.argMax(1).toLongVector();
    assertThat(Arrays.stream(classes).distinct().count()).isGreaterThan(9);
    for (Map<String, INDArray> found : answers(family, network, images, normalized, false)) {
      assertClose(found.get("logits"), expected);
      assertThat(found.get("logits").argMax(1).toLongVector()).isEqualTo(classes);
      assertClose(found.get("probabilities"), Transforms.softmax(expected));
    }
  }

  @Test
  void segments() throws Exception {
    OnnxFamily family = OnnxFamily.segmenting();
    RealImages images = RealImages.coco();
    INDArray normalized = images.normalized(family);
    ComputationGraph network = StirredNetwork.of(family.parts(), normalized);
    INDArray expected = network.output(normalized)[0];
    int side = (int) normalized.size(2);
    byte[] labels = LabelMaps.argMax(expected, side, side);
    assertThat(mostFrequent(labels, side * side)).hasSizeGreaterThan(2);
    for (Map<String, INDArray> found : answers(family, network, images, normalized, false)) {
      assertClose(found.get("logits").permute(0, 2, 3, 1), expected);
      long[] others = found.get("labels").dup('c').data().asLong();
      int same = 0;
      for (int pixel = 0; pixel < labels.length; pixel++) {
        same += labels[pixel] == others[pixel] ? 1 : 0;
      }
      assertThat((double) same / labels.length).isGreaterThan(.9999);
    }
  }

  /** The classes that are the most frequent ones of some image. */
  private static Set<Integer> mostFrequent(byte[] labels, int pixels) {
    Set<Integer> classes = new HashSet<>();
    for (int from = 0; from < labels.length; from += pixels) {
      int[] counts = new int[256];
      for (int i = from; i < from + pixels; i++) {
        counts[labels[i]]++;
      }
      int most = 0;
      for (int label = 1; label < counts.length; label++) {
        most = counts[label] > counts[most] ? label : most;
      }
      classes.add(most);
    }
    return classes;
  }

  @Test
  void detects() throws Exception {
    OnnxFamily family = OnnxFamily.detecting();
    RealImages images = RealImages.coco();
    INDArray normalized = images.normalized(family);
    ComputationGraph network = StirredNetwork.of(family.parts(), normalized);
    INDArray[] outputs = network.output(normalized);
    DetectionEnding ending = (DetectionEnding) family.parts().ending(true);
    Detector detector =
        new Detector(ending.anchors(), ending.classes(), ending.suppression().orElseThrow());
    List<Detections> expected = new ArrayList<>();
    Set<Integer> labels = new HashSet<>();
    Set<String> surest = new HashSet<>();
    for (int image = 0; image < normalized.size(0); image++) {
      Detections one =
          detector.detect(
              buffer(outputs[0].slice(image)),
              0,
              buffer(outputs[1].slice(image)),
              0,
              ending.side(),
              ending.side());
      assertThat(one.labels()).hasSizeGreaterThan(10);
      Arrays.stream(one.labels()).forEach(labels::add);
      for (int rank = 0; rank < 5; rank++) {
        surest.add(Arrays.toString(Arrays.copyOfRange(one.boxes(), 4 * rank, 4 * rank + 4)));
      }
      expected.add(one);
    }
    assertThat(labels).hasSizeGreaterThan(2);
    assertThat(surest).hasSizeGreaterThan(20);
    INDArray scores = Transforms.sigmoid(outputs[0]);
    for (Map<String, INDArray> found : answers(family, network, images, normalized, true)) {
      assertClose(found.get("scores"), scores.reshape('c', found.get("scores").shape()));
      for (int image = 0; image < expected.size(); image++) {
        assertSame(found, image, expected.get(image), ending.suppression().get().most());
      }
    }
  }

  /** The best of what the model selects, as many as there may be of an image. */
  private static void assertSame(
      Map<String, INDArray> found, int image, Detections expected, int most) {
    INDArray selected = found.get("selected");
    List<float[]> objects = new ArrayList<>();
    for (long row = 0; row < selected.size(0); row++) {
      if (selected.getLong(row, 0) == image) {
        long label = selected.getLong(row, 1);
        long anchor = selected.getLong(row, 2);
        float[] object = new float[6];
        object[0] = label;
        object[1] = found.get("scores").getFloat(image, anchor, label);
        for (int side = 0; side < 4; side++) {
          object[2 + side] = found.get("boxes").getFloat(image, anchor, side);
        }
        objects.add(object);
      }
    }
    objects.sort((one, other) -> Float.compare(other[1], one[1]));
    assertThat(Math.min(most, objects.size())).isEqualTo(expected.labels().length);
    for (int rank = 0; rank < expected.labels().length; rank++) {
      int at = rank;
      assertThat(objects)
          .as("object %d of image %d", rank, image)
          .anyMatch(object -> isSame(object, expected, at));
    }
  }

  private static boolean isSame(float[] object, Detections expected, int rank) {
    boolean same =
        object[0] == expected.labels()[rank]
            && Math.abs(object[1] - expected.scores()[rank]) < 1e-4;
    for (int side = 0; side < 4; side++) {
      same &= Math.abs(object[2 + side] - expected.boxes()[4 * rank + side]) < 1e-2;
    }
    return same;
  }

  /** Of the model of normalised images, unfolded, and of that of pixels, folded. */
  private static List<Map<String, INDArray>> answers(
      OnnxFamily family,
      ComputationGraph network,
      RealImages images,
      INDArray normalized,
      boolean suppress)
      throws Exception {
    OnnxModel plain = family.model(network, false, false, suppress);
    OnnxModel ofPixels = family.model(network, true, true, suppress);
    // cubic interpolation goes beyond 255
    INDArray pixels = images.pixels(family);
    assertThat(pixels.maxNumber().floatValue()).isBetween(200f, 300f);
    return List.of(RuntimeModel.run(plain, normalized), RuntimeModel.run(ofPixels, pixels));
  }

  private static FloatBuffer buffer(INDArray values) {
    return FloatBuffer.wrap(values.dup('c').data().asFloat());
  }

  private static void assertClose(INDArray found, INDArray expected) {
    assertThat(found.shape()).isEqualTo(expected.shape());
    double difference = found.sub(expected).amaxNumber().doubleValue();
    assertThat(difference / expected.amaxNumber().doubleValue()).isLessThan(1e-4);
  }
}
