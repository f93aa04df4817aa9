package io.dropblock.spark.cli.assembly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropblock.model.Regularization;
import io.dropblock.model.Regularization.Site;
import io.dropblock.nn.DropBlockSites;
import io.dropblock.nn.DropBlockStep;
import io.dropblock.nn.NamedParameters;
import io.dropblock.nn.NetworkState;
import io.dropblock.spark.analyze.ClassMap;
import io.dropblock.spark.analyze.DropPlaces;
import io.dropblock.spark.analyze.MappedNetwork;
import io.dropblock.spark.data.image.CentralFraction;
import io.dropblock.spark.data.image.CentreCrop;
import io.dropblock.spark.recipe.Recipe;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class ClassifierTest {
  private static Classifier of(String recipe, String... settings) {
    return new RecipeParts(Recipe.load(recipe, List.of(settings))).classifier().orElseThrow();
  }

  /** Whatever dropped in training, other families, and another optimizer. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "cifar10-resnet20 | model.depth=8 | 2,3 | 32 | 6",
        "cifar10-resnet20-droppath | model.depth=8 | 3 | 32 | 3",
        "cifar10-resnet20-dropblock | train.optimizer={kind: adamw} | 3 | 32 | 9",
        "imagenet-resnet50-dropblock | model.width=2 | 3,4 | 64 | 36",
        "cifar10-amoebanet-dropblock | model.width=4 | 2 | 32 | 0"
      })
  void isTheTrainedNetworkWithOtherSites(
      String name, String setting, String groups, int side, int expectedSites) {
    Recipe recipe = Recipe.load(name, List.of(setting));
    ComputationGraph trained = new RecipeParts(recipe).network();
    NamedParameters.of(trained)
        .values()
        .forEach((parameter, values) -> values.addi(Nd4j.rand(values.shape()).subi(.5).muli(.1)));
    TreeSet<Integer> numbers = new TreeSet<>();
    List.of(groups.split(",")).forEach(group -> numbers.add(Integer.valueOf(group)));
    DropPlaces places = new DropPlaces(numbers, EnumSet.of(Site.BRANCH, Site.SKIP), 4);
    Classifier classifier = new RecipeParts(recipe).classifier().orElseThrow();
    ComputationGraph dropping =
        classifier.with(places.blocks(3), NetworkState.of(trained)).restore();
    Map<String, INDArray> expected = NamedParameters.of(trained).values();
    Map<String, INDArray> found = NamedParameters.of(dropping).values();
    assertThat(found.keySet()).isEqualTo(expected.keySet());
    found.forEach((parameter, values) -> assertThat(values).isEqualTo(expected.get(parameter)));
    INDArray pixels = Nd4j.rand(2, 3, side, side);
    INDArray undropped = trained.output(pixels)[0];
    assertThat(dropping.output(pixels)[0].equalsWithEps(undropped, 1e-5)).isTrue();
    DropBlockSites sites = DropBlockSites.of(dropping);
    sites.activeAtInference(true);
    sites.set(new DropBlockStep(.5, 1, 0, 0));
    dropping.output(pixels);
    assertThat(sites.keptFractions().values()).anyMatch(kept -> kept < .6);
    if (expectedSites > 0) {
      assertThat(sites.size()).isEqualTo(expectedSites);
    }
    MappedNetwork mapped =
        MappedNetwork.of(NetworkState.of(trained), classifier.features(), classifier.output());
    ClassMap map = mapped.answers(pixels).map(1, 3);
    assertThat(map.isFinite()).isTrue();
    assertThat(map.height()).isEqualTo(map.width());
  }

  @Test
  void placesAreThoseOfTraining() {
    assertThat(of("imagenet-resnet50-dropblock").places())
        .hasValue(
            new DropPlaces(new TreeSet<>(List.of(3, 4)), EnumSet.of(Site.BRANCH, Site.SKIP), 4));
    assertThat(of("cifar10-resnet20-droppath").places().orElseThrow().sites())
        .containsExactly(Site.BRANCH);
    assertThat(of("imagenet-resnet50").places()).isEmpty();
    assertThat(of("imagenet-resnet50").groups()).isEqualTo(4);
  }

  @Test
  void imagesOfAnySizeAreTaken() {
    assertThat(of("imagenet-resnet50").transform()).isEqualTo(new CentreCrop(224));
    assertThat(of("cifar10-resnet20").transform()).isEqualTo(new CentreCrop(32, 32));
    assertThat(of("imagenet-amoebanet-b").transform()).isInstanceOf(CentralFraction.class);
  }

  @Test
  void refusesAnotherNetworksParameters() {
    NetworkState other =
        NetworkState.of(
            new RecipeParts(Recipe.load("cifar10-resnet20", List.of("model.width=4"))).network());
    Regularization one = Regularization.dropBlock(3, List.of(3));
    assertThatThrownBy(() -> of("cifar10-resnet20").with(one, other))
        .hasMessageStartingWith(
            "its recipe describes another network, which differs in stem/conv/W");
    assertThatThrownBy(
            () -> of("cifar10-resnet20", "model.depth=8", "model.width=4").with(one, other))
        .hasMessage("its recipe describes another network");
  }

  @Test
  void otherTasksHaveNone() {
    for (String name : List.of("shapes-detection", "shapes-segmentation")) {
      RecipeParts parts = new RecipeParts(Recipe.load(name, List.of()));
      assertThat(parts.classifier()).isEmpty();
      assertThat(name).endsWith(parts.task());
    }
  }
}
