package io.dropblock.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.dropblock.exchange.safetensors.Safetensors;
import io.dropblock.exchange.safetensors.SafetensorsException;
import io.dropblock.exchange.safetensors.Tensor;
import io.dropblock.model.Architecture;
import io.dropblock.model.CifarResNet;
import io.dropblock.model.ClassificationHead;
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
import io.dropblock.nn.NetworkState;
import io.dropblock.nn.OlderNorms;
import io.dropblock.optimizer.Momentum;
import io.dropblock.optimizer.WeightDecay;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A ResNet-50 of torchvision's own code, narrow, with random weights and statistics: {@code
 * docs/trials/torchvision_weights.py torchvision --filters 2 --classes 5 --size 64} made it.
 */
class TorchvisionWeightsTest {
  private static final ResNet TRUNK = new ResNet(50, 2, PoolPadding.SYMMETRIC);
  private static final int CLASSES = 5;
  private static final String COUNTER = "bn1.num_batches_tracked";
  private static final Momentum OPTIMIZER =
      new Momentum(.9, true, WeightDecay.ofKernelsAndBiases(1e-4));

  @Test
  void givesItsLogits() throws IOException {
    assertSameLogits(resource("weights"), resource("answers"), TRUNK, CLASSES);
  }

  /** Of full width, where somebody made it. */
  @Test
  @EnabledIfSystemProperty(named = "dropblock.torchvision", matches = ".+")
  void givesItsLogitsOfFullWidth() throws IOException {
    Path folder = Path.of(System.getProperty("dropblock.torchvision"));
    assertSameLogits(
        file(folder.resolve("weights.safetensors")),
        file(folder.resolve("answers.safetensors")),
        new ResNet(50, 64, PoolPadding.SYMMETRIC),
        1000);
  }

  private static void assertSameLogits(
      Safetensors weights, Safetensors answers, ResNet trunk, int classes) throws IOException {
    Tensor images = answers.tensors().get("images");
    int size = images.shape().get(2).intValue();
    float[] expected = answers.tensors().get("logits").floats();
    INDArray input =
        Nd4j.createFromArray(images.floats())
            .reshape(images.shape().stream().mapToLong(Long::longValue).toArray());
    for (double epsilon : new double[] {1e-5, 1e-3}) {
      ComputationGraph network = network(trunk, classes, epsilon, size);
      WeightsTaken taken = WeightsIn.into(weights, trunk, network);
      assertThat(taken.count(Fate.MISSING)).isZero();
      assertClose(logits(network, input), expected);
      assertClose(logits(FoldedNetwork.of(network), input), expected);
    }
    // what another padding of the maxima would do
    ComputationGraph same = network(new ResNet(50, trunk.filters()), classes, 1e-5, size);
    WeightsIn.into(weights, new ResNet(50, trunk.filters()), same);
    assertThat(difference(logits(same, input), expected)).isGreaterThan(1e-2);
  }

  private static void assertClose(float[] found, float[] expected) {
    assertThat(difference(found, expected)).isLessThan(1e-4);
  }

  /** The largest one for the largest logit. */
  private static double difference(float[] found, float[] expected) {
    double most = 0;
    double largest = 0;
    assertThat(found).hasSameSizeAs(expected);
    for (int i = 0; i < expected.length; i++) {
      most = Math.max(most, Math.abs(found[i] - expected[i]));
      largest = Math.max(largest, Math.abs(expected[i]));
    }
    return most / largest;
  }

  private static float[] logits(ComputationGraph network, INDArray images) {
    INDArray features = network.feedForward(images, false).get("head/pool");
    INDArray weights = network.getLayer("head/softmax").getParam("W");
    INDArray bias = network.getLayer("head/softmax").getParam("b");
    return features.mmul(weights).addRowVector(bias).dup('c').data().asFloat();
  }

  @Test
  void accountsForEachTensor() throws IOException {
    Safetensors weights = resource("weights");
    WeightsTaken taken = WeightsIn.into(weights, TRUNK, network(TRUNK, CLASSES, 1e-5, 64));
    assertThat(taken.naming()).isEqualTo(Naming.TORCHVISION);
    assertThat(taken.rows().stream().map(WeightsTaken.Row::name))
        .containsExactlyInAnyOrderElementsOf(weights.tensors().keySet());
    assertThat(taken.count(Fate.TAKEN)).isEqualTo(53 * 5 + 2);
    assertThat(taken.count(Fate.KEPT)).isEqualTo(53);
    assertThat(taken.rows())
        .contains(
            new WeightsTaken.Row(
                "layer2.0.downsample.0.weight",
                Fate.TAKEN,
                List.of(16L, 8L, 1L, 1L),
                128,
                "group2/block0/conv-skip/W"));
    // all of them
    assertThat(taken.numbers()).isEqualTo(network(TRUNK, CLASSES, 1e-5, 64).params().length());
  }

  @Test
  void replacesTheClassifierWhereClassesDiffer() throws IOException {
    ComputationGraph network = network(TRUNK, 7, 1e-5, 64);
    INDArray before = network.getLayer("head/softmax").getParam("W").dup();
    WeightsTaken taken = WeightsIn.into(resource("weights"), TRUNK, network);
    assertThat(taken.rows())
        .contains(
            new WeightsTaken.Row(
                "fc.weight", Fate.LEFT, List.of(5L, 64L), 320, "begins fresh as [7, 64]"));
    assertThat(network.getLayer("head/softmax").getParam("W")).isEqualTo(before);
  }

  @Test
  void goesOutAgainBitEqual() throws IOException {
    assertBitEqual(resource("weights"), TRUNK, CLASSES, 64);
  }

  /** Of full width, where somebody made it. */
  @Test
  @EnabledIfSystemProperty(named = "dropblock.torchvision", matches = ".+")
  void goesOutAgainBitEqualOfFullWidth() throws IOException {
    Path folder = Path.of(System.getProperty("dropblock.torchvision"));
    ResNet trunk = new ResNet(50, 64, PoolPadding.SYMMETRIC);
    assertBitEqual(file(folder.resolve("weights.safetensors")), trunk, 1000, 64);
  }

  /** All of them, on the way through a checkpoint. */
  private static void assertBitEqual(Safetensors weights, Trunk trunk, int classes, int size)
      throws IOException {
    ComputationGraph network = network(trunk, classes, 1e-5, size);
    WeightsIn.into(weights, trunk, network);
    ComputationGraph kept = NetworkState.of(network).restore();
    Map<String, Tensor> out = WeightsOut.of(trunk, kept, Naming.TORCHVISION);
    assertThat(out).containsOnlyKeys(weights.tensors().keySet());
    weights.tensors().forEach((name, one) -> assertThat(out.get(name)).as(name).isEqualTo(one));
    assertThat(weights.tensors().get("bn1.num_batches_tracked")).isEqualTo(Tensor.of(7));
  }

  /** The counts go on from those of the file. */
  @Test
  void countsItsOwnUpdatesOfStatistics() throws IOException {
    ComputationGraph network = network(TRUNK, CLASSES, 1e-5, 64);
    assertThat(count(network)).isEqualTo(Tensor.of(0));
    WeightsIn.into(resource("weights"), TRUNK, network);
    network.getConfiguration().setIterationCount(5);
    assertThat(count(NetworkState.of(network).restore())).isEqualTo(Tensor.of(12));
    for (Tensor none :
        List.of(Tensor.of(-1), Tensor.of(Long.MAX_VALUE), Tensor.of(new float[] {1}))) {
      ComputationGraph other = network(TRUNK, CLASSES, 1e-5, 64);
      WeightsTaken taken = WeightsIn.into(changed(COUNTER, none), TRUNK, other);
      assertThat(taken.count(Fate.KEPT)).isEqualTo(52);
      assertThat(taken.count(Fate.LEFT)).isEqualTo(1);
      assertThat(count(other)).isEqualTo(Tensor.of(0));
    }
  }

  private static Tensor count(ComputationGraph network) {
    return WeightsOut.of(TRUNK, network, Naming.TORCHVISION).get(COUNTER);
  }

  /** Files and networks of before have a logarithm; its last bits are lost. */
  @Test
  void olderVersionsKeptALogarithm() throws IOException {
    ComputationGraph now = network(TRUNK, CLASSES, 1e-5, 64);
    WeightsIn.into(resource("weights"), TRUNK, now);
    ComputationGraph old = OlderNorms.of(now);
    Safetensors file = WeightsOut.file(TRUNK, old, Naming.OURS, Map.of());
    assertThat(file.tensors()).containsKey("stem/bn/log10stdev").doesNotContainKey("stem/bn/var");
    ComputationGraph again = network(TRUNK, CLASSES, 1e-5, 64);
    assertThat(WeightsIn.into(file, TRUNK, again).count(Fate.CONVERTED)).isEqualTo(53);
    Map<String, Tensor> fromOld = WeightsOut.of(TRUNK, old, Naming.TORCHVISION);
    assertThat(WeightsOut.of(TRUNK, again, Naming.TORCHVISION)).isEqualTo(fromOld);
    for (Map.Entry<String, Tensor> one : resource("weights").tensors().entrySet()) {
      if (Naming.isCounter(one.getKey())) {
        continue;
      }
      if (!one.getKey().endsWith("running_var")) {
        assertThat(fromOld.get(one.getKey())).as(one.getKey()).isEqualTo(one.getValue());
        continue;
      }
      float[] numbers = fromOld.get(one.getKey()).floats();
      float[] expected = one.getValue().floats();
      for (int i = 0; i < numbers.length; i++) {
        assertThat(numbers[i])
            .as(one.getKey())
            .isCloseTo(expected[i], within(1e-20f + 1e-6f * expected[i]));
      }
    }
    Map<String, Tensor> hostile = new LinkedHashMap<>(file.tensors());
    hostile.put("stem/bn/log10stdev", Tensor.of(new float[] {0, 200}, 2));
    assertRefused(
        new Safetensors(hostile, Map.of()),
        TRUNK,
        "its stem/bn/log10stdev cannot be read: its number 1 is too large here");
  }

  @Test
  void underOurNamesAllIsBitEqual() throws IOException {
    for (Trunk trunk : List.of(TRUNK, new CifarResNet(8, 4))) {
      ComputationGraph network = network(trunk, CLASSES, 1e-5, 32);
      network.params().muli(1.25).addi(.01);
      Safetensors file = WeightsOut.file(trunk, network, Naming.OURS, Map.of());
      ComputationGraph other = network(trunk, CLASSES, 1e-5, 32);
      WeightsTaken taken = WeightsIn.into(file, trunk, other);
      assertThat(taken.naming()).isEqualTo(Naming.OURS);
      assertThat(taken.count(Fate.TAKEN)).isEqualTo(file.tensors().size());
      assertThat(Floats.of(other.params())).isEqualTo(Floats.of(network.params()));
    }
  }

  @Test
  void refusesWhatDoesNotFit() throws IOException {
    assertRefused(
        changed("layer3.5.conv2.weight", null),
        TRUNK,
        "it lacks layer3.5.conv2.weight, which the network has as group3/block5/conv2/W");
    assertRefused(
        changed("layer3.6.conv1.weight", Tensor.of(new float[1], 1)),
        TRUNK,
        "it has layer3.6.conv1.weight, which a trunk ResNet-50 does not have; its depth or its kind"
            + " is another");
    assertRefused(
        resource("weights"),
        new ResNet(50, 3, PoolPadding.SYMMETRIC),
        "its conv1.weight is [2, 3, 7, 7], the network's is [3, 3, 7, 7]");
    assertRefused(
        resource("weights"),
        new CifarResNet(8),
        "they are a ResNet's of torchvision or timm, and the network is a CIFAR ResNet-8");
    assertRefused(
        resource("answers"),
        TRUNK,
        "it lacks stem/conv/W; weights of torchvision and timm are known by their conv1.weight");
  }

  @Test
  void refusesNumbersThatAreNone() throws IOException {
    assertRefused(
        changed("bn1.bias", Tensor.of(new float[] {0, Float.NaN}, 2)),
        TRUNK,
        "its bn1.bias cannot be read: its number 1 is NaN, which is not finite as a float");
    assertRefused(
        changed("bn1.running_var", Tensor.of(new float[] {1, -1}, 2)),
        TRUNK,
        "its bn1.running_var cannot be read: its number 1 is -1.0, and no variance is below 0");
    Safetensors ours =
        WeightsOut.file(TRUNK, network(TRUNK, CLASSES, 1e-5, 64), Naming.OURS, Map.of());
    Map<String, Tensor> tensors = new LinkedHashMap<>(ours.tensors());
    tensors.put("stem/bn/var", Tensor.of(new float[] {1, -1}, 2));
    assertRefused(
        new Safetensors(tensors, Map.of()),
        TRUNK,
        "its stem/bn/var cannot be read: its number 1 is -1.0, and no variance is below 0");
    assertRefused(
        changed("bn1.running_var", Tensor.of(3)),
        TRUNK,
        "its bn1.running_var is [], the network's is [2]");
  }

  private static void assertRefused(Safetensors file, Trunk trunk, String reason) {
    ComputationGraph network = network(trunk, CLASSES, 1e-5, 64);
    INDArray before = network.params().dup();
    assertThatThrownBy(() -> WeightsIn.into(file, trunk, network))
        .isInstanceOf(SafetensorsException.class)
        .hasMessage(reason);
    assertThat(network.params()).isEqualTo(before);
  }

  /** torchvision has no place for them. */
  @Test
  void refusesToWriteOtherNetworksUnderItsNames() {
    assertThatThrownBy(
            () ->
                WeightsOut.of(
                    new CifarResNet(8),
                    network(new CifarResNet(8), CLASSES, 1e-5, 32),
                    Naming.TORCHVISION))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("torchvision has no CIFAR ResNet-8");
    ResNet trunk = new ResNet(50, 2);
    ComputationGraph segmentation =
        new Architecture(
                trunk, new SegmentationHead(3, new Pyramid(3, 5, 4), 4, 1), NormSettings.PYRAMID)
            .network(new MapShape(3, 32, 32), Regularization.none(), OPTIMIZER, 1);
    assertThatThrownBy(() -> WeightsOut.of(trunk, segmentation, Naming.TORCHVISION))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("torchvision's ResNets have nothing like its pyramid/");
  }

  /** Whatever is in the network, each has a name. */
  @Test
  void namesAreDifferent() {
    ComputationGraph network = network(TRUNK, CLASSES, 1e-5, 64);
    assertThat(WeightsOut.of(TRUNK, network, Naming.TORCHVISION))
        .hasSize(NamedParameters.of(network).values().size() + 53);
  }

  private static Safetensors changed(String name, Tensor tensor) throws IOException {
    Safetensors file = resource("weights");
    Map<String, Tensor> tensors = new LinkedHashMap<>(file.tensors());
    if (tensor == null) {
      tensors.remove(name);
    } else {
      tensors.put(name, tensor);
    }
    return new Safetensors(tensors, file.metadata());
  }

  private static ComputationGraph network(Trunk trunk, int classes, double epsilon, int size) {
    Architecture architecture =
        new Architecture(trunk, new ClassificationHead(classes), new NormSettings(.9, epsilon));
    return architecture.network(new MapShape(3, size, size), Regularization.none(), OPTIMIZER, 1);
  }

  private static Safetensors resource(String name) throws IOException {
    try (InputStream file =
        TorchvisionWeightsTest.class.getResourceAsStream("torchvision/" + name + ".safetensors")) {
      byte[] bytes = file.readAllBytes();
      return Safetensors.read(new ByteArrayInputStream(bytes), bytes.length);
    }
  }

  private static Safetensors file(Path path) throws IOException {
    try (InputStream file = Files.newInputStream(path)) {
      return Safetensors.read(file, Files.size(path));
    }
  }
}
