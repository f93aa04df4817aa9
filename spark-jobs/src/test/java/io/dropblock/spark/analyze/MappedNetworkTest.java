package io.dropblock.spark.analyze;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.dropblock.nn.NetworkState;
import io.dropblock.onednn.OneDnn;
import io.dropblock.spark.data.LocalSpark;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class MappedNetworkTest {
  @TempDir private static Path folder;
  private static FewImages few;
  private static ComputationGraph trained;

  @BeforeAll
  static void train() throws IOException {
    OneDnn.enable();
    few = FewImages.in(folder);
    trained = few.trained();
    // DL4J begins with biases of 0
    INDArray biases = trained.getLayer(FewImages.OUTPUT).getParam("b");
    biases.addi(Nd4j.linspace(DataType.FLOAT, -1, .3, biases.length()).reshape(biases.shape()));
  }

  @AfterEach
  void resetDataTypes() {
    Nd4j.setDefaultDataTypes(DataType.FLOAT, DataType.FLOAT);
  }

  @Test
  void theMeanOfAMapAndTheBiasAreTheLogit() {
    requireLogits(trained, 1e-4);
  }

  @Test
  void inDoublesTheyAreToNineDigits() {
    Nd4j.setDefaultDataTypes(DataType.DOUBLE, DataType.DOUBLE);
    requireLogits(trained.convertDataType(DataType.DOUBLE), 1e-9);
  }

  private static void requireLogits(ComputationGraph network, double error) {
    DataType type = network.getConfiguration().getDataType();
    MappedNetwork mapped = MappedNetwork.of(network, FewImages.FEATURES, FewImages.OUTPUT);
    ComputationGraph logits = withoutSoftmax(network);
    assertThat(mapped.classes()).isEqualTo(FewImages.CLASSES);
    few.forEachBatch(
        32,
        (batch, place) -> {
          INDArray pixels = FewImages.pixels(batch).castTo(type);
          double[][] expected =
              logits.outputSingle(pixels).castTo(DataType.DOUBLE).toDoubleMatrix();
          double[][] softmax =
              network.outputSingle(pixels).castTo(DataType.DOUBLE).toDoubleMatrix();
          MappedNetwork.Answers answers = mapped.answers(pixels);
          assertThat(answers.size()).isEqualTo(batch.size());
          for (int image = 0; image < batch.size(); image++) {
            for (int label = 0; label < FewImages.CLASSES; label++) {
              ClassMap map = answers.map(image, label);
              assertThat(map.mean() + mapped.bias(label))
                  .isCloseTo(expected[image][label], within(error));
              assertThat(answers.probability(image, label))
                  .isCloseTo(softmax[image][label], within(error));
            }
            int said = answers.said(image);
            assertThat(expected[image][said])
                .isGreaterThanOrEqualTo(Arrays.stream(expected[image]).max().orElseThrow() - error);
          }
        });
  }

  private static ComputationGraph withoutSoftmax(ComputationGraph network) {
    var configuration = ComputationGraphConfiguration.fromJson(network.getConfiguration().toJson());
    var holder = (LayerVertex) configuration.getVertices().get(FewImages.OUTPUT);
    ((OutputLayer) holder.getLayerConf().getLayer()).setActivationFn(new ActivationIdentity());
    ComputationGraph copy = new ComputationGraph(configuration);
    copy.init(network.params(), true);
    return copy;
  }

  /** Values of different channels are told apart, and rows from columns. */
  @Test
  void aMapIsTheWeightedSumOfTheFeaturesAtItsPlace() {
    few.forEachBatch(
        32,
        (batch, place) -> {
          if (place > 0) {
            return;
          }
          INDArray pixels = FewImages.pixels(batch);
          INDArray features = trained.feedForward(pixels, false).get(FewImages.FEATURES);
          INDArray weights = trained.getLayer(FewImages.OUTPUT).getParam("W");
          MappedNetwork.Answers answers =
              MappedNetwork.of(trained, FewImages.FEATURES, FewImages.OUTPUT).answers(pixels);
          ClassMap map = answers.map(3, 7);
          for (int y = 0; y < map.height(); y++) {
            for (int x = 0; x < map.width(); x++) {
              double sum = 0;
              for (int channel = 0; channel < features.size(3); channel++) {
                sum += features.getDouble(3, y, x, channel) * weights.getDouble(channel, 7);
              }
              assertThat(map.values()[y * map.width() + x]).isCloseTo(sum, within(1e-4));
            }
          }
        });
  }

  @Test
  void theClusterSeesWhatALoopSees() {
    MappedNetwork mapped = MappedNetwork.of(trained, FewImages.FEATURES, FewImages.OUTPUT);
    for (int label : new int[] {-1, 4}) {
      List<Double> shares = new ArrayList<>();
      List<ClassMap> maps = new ArrayList<>();
      few.forEachBatch(
          1,
          (batch, place) -> {
            MappedNetwork.Answers answers = mapped.answers(FewImages.pixels(batch));
            maps.add(answers.map(0, label < 0 ? answers.said(0) : label));
            shares.add(maps.get(maps.size() - 1).shareAboveHalf());
          });
      double mean = shares.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
      assertThat(mean).isBetween(.05, .95);
      try (JavaSparkContext spark = LocalSpark.start(2)) {
        for (int world : new int[] {1, 3}) {
          MapSurvey.Result found =
              new MapSurvey(
                      few.split(world, 16),
                      FewImages.FEATURES,
                      FewImages.OUTPUT,
                      label,
                      Set.of(200L, 3L, 99L))
                  .run(spark, NetworkState.of(trained));
          assertThat(found.spread().images()).isEqualTo(FewImages.IMAGES);
          assertThat(found.spread().mean()).isCloseTo(mean, within(1e-3));
          assertThat(found.seen()).extracting(SeenImage::name).containsExactly("#3", "#99", "#200");
          assertThat(found.seen().get(2).map().values())
              .containsExactly(maps.get(200).values(), within(1e-4));
          assertThat(found.seen().get(2).tile().width()).isEqualTo(FewImages.SIZE);
        }
      }
    }
  }
}
