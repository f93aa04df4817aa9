package io.dropblock.bench.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dropblock.bench.trace.TraceSettings.Form;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;

class NetworkTraceTest {
  @TempDir private Path folder;

  @Test
  void whatIsWrittenBelongsTogether() throws IOException {
    TraceSettings settings = new TraceSettings("cifar-resnet8", 2, 8, true, folder.toString(), 1);
    List<String> progress = new ArrayList<>();

    NetworkTrace.write(settings, progress::add);

    assertThat(progress)
        .containsExactly(
            "parameters", "batches", "outputs", "gradients", "plain steps", "nesterov steps");
    JsonNode trace = new ObjectMapper().readTree(folder.resolve("trace.json").toFile());
    ComputationGraph network = settings.network(Form.PLAIN);
    NamedArrays.parameters(network, (name, values) -> values.assign(read("parameters/" + name)));
    assertThat(difference(network.outputSingle(true, images()), read("output/training/0")))
        .isZero();
    assertThat(difference(network.outputSingle(images()), read("output/inference/0"))).isZero();
    assertThat(difference(read("output/folded/0"), read("output/inference/0"))).isLessThan(1e-12);
    assertThat(loss(network)).isEqualTo(trace.at("/losses/plain/0").doubleValue(), within(1e-12));
    assertThat(trace.at("/losses/nesterov/0")).isEqualTo(trace.at("/losses/plain/0"));
    assertThat(trace.at("/losses/nesterov/1")).isNotEqualTo(trace.at("/losses/plain/1"));
    assertThat(difference(read("output/after-plain/0"), read("output/after-nesterov/0")))
        .isPositive();
    assertGradient(network, "head/softmax/b");
    assertGradient(network, "group2/block0/bn1/gamma");
    assertGradient(network, "stem/conv/W");
  }

  @Test
  void aDetectorHasTwoOutputs() throws IOException {
    TraceSettings settings = new TraceSettings("retinanet-r50", 1, 64, false, folder.toString(), 1);

    NetworkTrace.write(settings, part -> {});

    // 64 + 16 + 4 + 1 + 1 positions, of nine anchors each
    assertThat(read("labels/0/0").shape()).containsExactly(1, 774);
    assertThat(read("labels/4/1").shape()).containsExactly(1, 774, 5);
    for (String form : List.of("training", "inference", "folded", "after-plain")) {
      assertThat(read("output/" + form + "/0").shape()).containsExactly(1, 86, 810);
      assertThat(read("output/" + form + "/1").shape()).containsExactly(1, 86, 36);
    }
    for (String output : List.of("/0", "/1")) {
      INDArray inference = read("output/inference" + output);
      assertThat(difference(read("output/folded" + output), inference))
          .isLessThan(1e-4 * inference.amaxNumber().doubleValue());
    }
    JsonNode trace = new ObjectMapper().readTree(folder.resolve("trace.json").toFile());
    assertThat(trace.at("/losses/plain"))
        .hasSize(5)
        .allSatisfy(loss -> assertThat(loss.doubleValue()).isPositive().isFinite());
  }

  @ParameterizedTest
  @ValueSource(strings = {"segmentation-r50", "retinanet-r50"})
  void nothingIsLeftAsItIsDrawn(String model) {
    TraceSettings settings = new TraceSettings(model, 1, 32, false, "none", 1);
    ComputationGraph network = settings.network(Form.PLAIN);
    NamedArrays.stir(network);
    long[] seen = {0};
    NamedArrays.parameters(
        network,
        (name, values) -> {
          seen[0] += values.length();
          assertThat(values.maxNumber().doubleValue())
              .as(name)
              .isGreaterThan(values.minNumber().doubleValue());
        });
    assertThat(seen[0]).isEqualTo(network.params().length());
  }

  /** Against the difference of two losses. */
  private void assertGradient(ComputationGraph network, String name) {
    INDArray values = network.getVertex(vertex(name)).paramTable(false).get(key(name));
    INDArray gradient = read("gradients/" + name);
    long[] last = values.shape().clone();
    for (int i = 0; i < last.length; i++) {
      last[i]--;
    }
    double before = values.getDouble(last);
    double step = 1e-6;
    values.putScalar(last, before + step);
    double above = loss(network);
    values.putScalar(last, before - step);
    double below = loss(network);
    values.putScalar(last, before);
    assertThat(gradient.getDouble(last))
        .as(name)
        .isNotZero()
        .isEqualTo((above - below) / (2 * step), within(1e-6));
  }

  private static String vertex(String name) {
    return name.substring(0, name.lastIndexOf('/'));
  }

  private static String key(String name) {
    return name.substring(name.lastIndexOf('/') + 1);
  }

  private double loss(ComputationGraph network) {
    double whole = network.score(new MultiDataSet(images(), read("labels/0/0")), true);
    return whole - network.calcRegularizationScore(true);
  }

  private INDArray images() {
    return read("images/0");
  }

  private INDArray read(String name) {
    Path file = folder.resolve(name + ".npy");
    assertThat(Files.exists(file)).as("%s", file).isTrue();
    return Nd4j.createFromNpyFile(file.toFile());
  }

  private static double difference(INDArray one, INDArray other) {
    return one.sub(other).amaxNumber().doubleValue();
  }
}
