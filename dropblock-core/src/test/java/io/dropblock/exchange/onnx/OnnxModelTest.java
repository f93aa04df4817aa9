package io.dropblock.exchange.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnxruntime.OrtException;
import io.dropblock.detection.AnchorSettings;
import io.dropblock.detection.Anchors;
import io.dropblock.detection.DetectionSettings;
import io.dropblock.detection.Detections;
import io.dropblock.detection.Detector;
import io.dropblock.model.AmoebaNet;
import io.dropblock.model.Architecture;
import io.dropblock.model.Auxiliary;
import io.dropblock.model.CifarResNet;
import io.dropblock.model.ClassificationHead;
import io.dropblock.model.DetectionHead;
import io.dropblock.model.Head;
import io.dropblock.model.MapShape;
import io.dropblock.model.NormSettings;
import io.dropblock.model.PoolPadding;
import io.dropblock.model.Pyramid;
import io.dropblock.model.Regularization;
import io.dropblock.model.ResNet;
import io.dropblock.model.SegmentationHead;
import io.dropblock.model.Trunk;
import io.dropblock.nn.FoldedNetwork;
import io.dropblock.nn.NamedParameters;
import io.dropblock.nn.pyramid.LabelMaps;
import io.dropblock.nn.pyramid.Upsampling;
import io.dropblock.optimizer.Momentum;
import io.dropblock.optimizer.WeightDecay;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Models say in ONNX Runtime what their networks say here. */
class OnnxModelTest {
  private static final int CLASSES = 5;

  static List<Trunk> trunks() {
    return List.of(
        new CifarResNet(8, 4),
        new ResNet(50, 4),
        new ResNet(50, 4, PoolPadding.SYMMETRIC),
        new AmoebaNet(1, 8));
  }

  /** Of the size of the training, and of an odd one. */
  @ParameterizedTest
  @MethodSource("trunks")
  void classifiesAsItsNetwork(Trunk trunk) throws IOException, OrtException {
    boolean cells = trunk instanceof AmoebaNet;
    Head head =
        cells
            ? new ClassificationHead(CLASSES, 0, .5, Optional.of(new Auxiliary(4, .4)))
            : new ClassificationHead(CLASSES);
    Regularization regularization =
        cells ? Regularization.dropBlock(3, List.of(2)) : Regularization.dropPath(List.of(1, 2));
    ComputationGraph network = network(trunk, head, 80, regularization);
    for (ComputationGraph exported : List.of(network, FoldedNetwork.of(network))) {
      OnnxModel model =
          OnnxModel.of(
              exported,
              new OnnxInput(80, true, Optional.empty()),
              new ClassificationEnding(CLASSES),
              Map.of());
      try (OnnxSession session = new OnnxSession(model)) {
        for (int size : new int[] {80, 93}) {
          INDArray images = Nd4j.randn(DataType.FLOAT, 2, 3, size, size);
          Map<String, INDArray> found = session.run(images);
          INDArray logits = logits(network, images);
          assertClose(found.get("logits"), logits);
          assertThat(found.get("logits").argMax(1)).isEqualTo(logits.argMax(1));
          assertClose(found.get("probabilities"), network.output(images)[0]);
        }
      }
    }
  }

  @Test
  void normalizesPixelsIfWanted() throws IOException, OrtException {
    ComputationGraph network =
        network(new CifarResNet(8, 4), new ClassificationHead(CLASSES), 32, Regularization.none());
    OnnxInput.Normalization pixels =
        new OnnxInput.Normalization(List.of(123f, 116f, 103f), List.of(58f, 57f, 56f));
    OnnxModel model =
        OnnxModel.of(
            network,
            new OnnxInput(32, false, Optional.of(pixels)),
            new ClassificationEnding(CLASSES),
            Map.of("classes", "[\"a\"]"));
    INDArray images = Nd4j.rand(DataType.FLOAT, 3, 3, 32, 32).muli(255);
    INDArray normalized = images.dup();
    for (int channel = 0; channel < 3; channel++) {
      for (int image = 0; image < 3; image++) {
        normalized
            .slice(image)
            .slice(channel)
            .subi(pixels.mean().get(channel))
            .divi(pixels.std().get(channel));
      }
    }
    try (OnnxSession session = new OnnxSession(model)) {
      assertClose(session.run(images).get("logits"), logits(network, normalized));
      assertThat(session.metadata()).containsEntry("classes", "[\"a\"]");
    }
  }

  @Test
  void segmentsAsItsNetwork() throws IOException, OrtException {
    ComputationGraph network =
        network(
            new ResNet(50, 4),
            new SegmentationHead(CLASSES, new Pyramid(3, 5, 8), 8, 2),
            64,
            Regularization.dropBlockInHead(3));
    for (ComputationGraph exported : List.of(network, FoldedNetwork.of(network))) {
      OnnxModel model =
          OnnxModel.of(
              exported,
              new OnnxInput(64, true, Optional.empty()),
              new SegmentationEnding(CLASSES),
              Map.of());
      try (OnnxSession session = new OnnxSession(model)) {
        for (int size : new int[] {64, 77}) {
          INDArray images = Nd4j.randn(DataType.FLOAT, 2, 3, size, size);
          Map<String, INDArray> found = session.run(images);
          INDArray logits = network.output(images)[0];
          assertClose(found.get("logits").permute(0, 2, 3, 1), logits);
          byte[] labels = LabelMaps.argMax(logits, size, size);
          long[] others = found.get("labels").dup('c').data().asLong();
          int same = 0;
          for (int pixel = 0; pixel < labels.length; pixel++) {
            same += labels[pixel] == others[pixel] ? 1 : 0;
          }
          assertThat((double) same / labels.length).isGreaterThan(.999);
        }
      }
    }
  }

  @Test
  void findsTheObjectsOfItsNetwork() throws IOException, OrtException {
    int side = 64;
    Anchors anchors = new Anchors(AnchorSettings.REFERENCE, side, List.of(8, 16, 32, 64, 128));
    ComputationGraph network =
        network(
            new ResNet(50, 4),
            new DetectionHead(
                CLASSES, new Pyramid(3, 7, 8, Upsampling.NEAREST), 8, 2, anchors.count() / 86),
            side,
            Regularization.none());
    DetectionSettings settings = new DetectionSettings(100_000, .5, .02, 1000);
    for (ComputationGraph exported : List.of(network, FoldedNetwork.of(network))) {
      OnnxModel model =
          OnnxModel.of(
              exported,
              new OnnxInput(side, false, Optional.empty()),
              new DetectionEnding(anchors, CLASSES, side, Optional.of(settings)),
              Map.of());
      try (OnnxSession session = new OnnxSession(model)) {
        INDArray images = Nd4j.randn(DataType.FLOAT, 2, 3, side, side);
        Map<String, INDArray> found = session.run(images);
        INDArray[] outputs = network.output(images);
        Detector detector = new Detector(anchors, CLASSES, settings);
        for (int image = 0; image < 2; image++) {
          Detections expected =
              detector.detect(
                  buffer(outputs[0].slice(image)),
                  0,
                  buffer(outputs[1].slice(image)),
                  0,
                  side,
                  side);
          assertThat(expected.scores()).hasSizeGreaterThan(5);
          assertSame(found, image, expected, settings.most());
        }
      }
    }
  }

  private static void assertSame(
      Map<String, INDArray> found, int image, Detections expected, int most) {
    INDArray selected = found.get("selected");
    List<long[]> objects = new ArrayList<>();
    for (long row = 0; row < selected.size(0); row++) {
      if (selected.getLong(row, 0) == image) {
        objects.add(new long[] {selected.getLong(row, 1), selected.getLong(row, 2)});
      }
    }
    assertThat(objects).hasSameSizeAs(expected.labels());
    assertThat(expected.scores().length).isLessThan(most);
    for (int rank = 0; rank < expected.labels().length; rank++) {
      int at = rank;
      assertThat(objects)
          .as("object %d", rank)
          .anyMatch(one -> isSame(found, image, one, expected, at));
    }
  }

  private static boolean isSame(
      Map<String, INDArray> found, int image, long[] object, Detections expected, int rank) {
    double score = found.get("scores").getDouble(image, object[1], object[0]);
    boolean same =
        object[0] == expected.labels()[rank] && Math.abs(score - expected.scores()[rank]) < 1e-4;
    for (int side = 0; side < 4; side++) {
      double place = found.get("boxes").getDouble(image, object[1], side);
      same &= Math.abs(place - expected.boxes()[4 * rank + side]) < 1e-2;
    }
    return same;
  }

  @Test
  void detectionIsForOneSize() {
    Anchors anchors = new Anchors(AnchorSettings.REFERENCE, 64, List.of(8));
    assertThatThrownBy(
            () ->
                OnnxModel.of(
                    network(
                        new CifarResNet(8, 4),
                        new ClassificationHead(CLASSES),
                        32,
                        Regularization.none()),
                    new OnnxInput(64, true, Optional.empty()),
                    new DetectionEnding(anchors, CLASSES, 64, Optional.empty()),
                    Map.of()))
        .hasMessage("its outputs are for images of one size only");
  }

  private static FloatBuffer buffer(INDArray values) {
    return FloatBuffer.wrap(values.dup('c').data().asFloat());
  }

  private static INDArray logits(ComputationGraph network, INDArray images) {
    Map<String, INDArray> values = network.feedForward(images, false);
    INDArray features = values.getOrDefault("head/dropout", values.get("head/pool"));
    return features
        .mmul(network.getLayer("head/softmax").getParam("W"))
        .addRowVector(network.getLayer("head/softmax").getParam("b"));
  }

  private static void assertClose(INDArray found, INDArray expected) {
    assertThat(found.shape()).isEqualTo(expected.shape());
    double difference = found.sub(expected).amaxNumber().doubleValue();
    assertThat(difference / expected.amaxNumber().doubleValue()).isLessThan(1e-4);
  }

  /** With other numbers than a fresh one's, which would hide errors. */
  private static ComputationGraph network(
      Trunk trunk, Head head, int size, Regularization regularization) {
    ComputationGraph network =
        new Architecture(trunk, head, NormSettings.CLASSIFICATION)
            .network(
                new MapShape(3, size, size),
                regularization,
                new Momentum(.9, true, WeightDecay.ofKernelsAndBiases(1e-4)),
                1);
    Nd4j.getRandom().setSeed(7);
    NamedParameters.of(network)
        .values()
        .forEach(
            (name, values) -> {
              INDArray uniform = Nd4j.rand(values.dataType(), values.shape());
              String kind = name.substring(name.lastIndexOf('/') + 1);
              switch (kind) {
                case "gamma" -> values.assign(uniform.addi(.5));
                case "var" -> values.assign(uniform.addi(.5));
                case "log10stdev" -> values.assign(uniform.subi(.5).muli(.4));
                case "beta", "mean", "b" -> values.addi(uniform.subi(.5).muli(.6));
                default -> {
                  if (name.startsWith("head/") && name.contains("-net")) {
                    values.muli(10);
                  }
                }
              }
            });
    return network;
  }
}
