package io.dropblock.spark.ml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.dropblock.nn.NetworkState;
import io.dropblock.spark.recipe.Recipe;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** What a layer is said to make of an image is what DL4J's own pass through the network makes. */
class LayerFeaturesTest {
  private static final double CLOSE = 1e-3;

  private static NetworkState network(String recipe, String... settings) {
    return RandomRun.network(Recipe.load(recipe, List.of(settings))).averaged();
  }

  /** Folded, where normalisations are gone and convolutions do sums, all are still to be had. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "demo 32 model.width=2",
        "shapes-detection 64 data.size=64 model.width=2 task.pyramid_filters=4 task.head_filters=4",
        "shapes-segmentation 64 data.size=64 model.width=2 task.pyramid_filters=4"
            + " task.head_filters=4"
      })
  void everyLayerIsThatOfAForwardPass(String line) {
    String[] words = line.split(" ");
    int size = Integer.parseInt(words[1]);
    NetworkState state =
        network(words[0], List.of(words).subList(2, words.length).toArray(String[]::new));
    ComputationGraph whole = state.restore();
    INDArray pixels = Nd4j.rand(DataType.FLOAT, 2, 3, size, size).muli(2).subi(1);
    Map<String, INDArray> expected = whole.feedForward(pixels.dup(), false);
    NetworkLayers layers = new NetworkLayers(state.configuration(), size);
    byte[] bytes = NetworkBytes.of(state);
    assertThat(layers.names()).hasSizeGreaterThan(20);
    for (String layer : layers.names()) {
      boolean last = layers.pooled().equals(Optional.of(layer));
      List<String> outputs = passWith(layer, layers.outputs(), last);
      ComputationGraph asked = NetworkBytes.network(bytes, outputs);
      INDArray found = asked.output(pixels.dup())[outputs.indexOf(layer)];
      assertThat(found.shape()).as(layer).isEqualTo(expected.get(layer).shape());
      assertThat(found.length()).as(layer).isEqualTo(2L * layers.length(layer));
      double largest = Math.max(1, expected.get(layer).amaxNumber().doubleValue());
      assertThat(found.sub(expected.get(layer)).amaxNumber().doubleValue() / largest)
          .as(layer)
          .isLessThan(CLOSE);
    }
  }

  /** Of the passes that bring predictions, too. */
  private static List<String> passWith(String layer, List<String> own, boolean last) {
    List<List<String>> passes = new WantedOutputs(own, true, layer, last, 2).passes();
    assertThat(passes.get(0)).startsWith(own.toArray(String[]::new));
    return passes.stream().filter(one -> one.contains(layer)).findFirst().orElseThrow();
  }

  /** By the formula: the mean of the last map over its places. */
  @Test
  void theDefaultIsThePooledMapBeforeTheClassifier() {
    NetworkState state = network("demo", "model.width=2");
    NetworkLayers layers = new NetworkLayers(state.configuration(), 32);
    String pooled = layers.pooled().orElseThrow();
    List<String> names = new ArrayList<>(layers.names());
    String last = names.get(names.indexOf(pooled) - 1);
    INDArray pixels = Nd4j.rand(DataType.FLOAT, 1, 3, 32, 32);
    Map<String, INDArray> made = state.restore().feedForward(pixels, false);
    double[] means = made.get(last).mean(1, 2).toDoubleVector();
    assertThat(layers.length(pooled)).isEqualTo(means.length);
    INDArray found =
        NetworkBytes.network(NetworkBytes.of(state), List.of(pooled)).output(pixels)[0];
    assertThat(found.ravel().toDoubleVector()).containsExactly(means, within(1e-4));
  }

  @Test
  void networksForObjectsAndPixelsHaveNoDefault() {
    NetworkState state = network("shapes-detection", "model.width=2", "task.pyramid_filters=4");
    assertThat(new NetworkLayers(state.configuration(), 64).pooled()).isEmpty();
  }
}
