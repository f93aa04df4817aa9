package io.dropblock.spark.cli.assembly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropblock.detection.AnchorSettings;
import io.dropblock.model.LayerSummary;
import io.dropblock.model.NetworkSummary;
import io.dropblock.optimizer.FrozenSettings;
import io.dropblock.optimizer.MomentumSettings;
import io.dropblock.optimizer.OnePassUpdater;
import io.dropblock.spark.data.DataException;
import io.dropblock.spark.data.feed.AnchorTargets;
import io.dropblock.spark.data.kind.ClassLabelKind;
import io.dropblock.spark.data.kind.LabelMapKind;
import io.dropblock.spark.data.kind.ObjectSetKind;
import io.dropblock.spark.data.shard.ClassCounts;
import io.dropblock.spark.data.shard.DatasetManifest;
import io.dropblock.spark.objective.Classification;
import io.dropblock.spark.recipe.Recipe;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.learning.config.IUpdater;

class AssemblyTest {

  /** Counted by hand from the reference's layers: paper-recipes, section 4. */
  @ParameterizedTest
  @CsvSource({
    "voc-segmentation-r101-fpn, 101, 47604053, 60.896",
    "voc-segmentation-r101-fpn-dropblock, 101, 47604053, 60.896",
    "voc-segmentation-r101-fpn, 50, 28611925, 40.271"
  })
  void segmentationIsAsLargeAsThePapers(String name, int depth, long parameters, double giga) {
    Recipe recipe = Recipe.load(name, List.of("model.depth=" + depth));
    NetworkSummary summary = new RecipeParts(recipe).summary();
    assertThat(summary.trainableParameters()).isEqualTo(parameters);
    assertThat(Math.round(summary.multiplyAdds() / 1e6) / 1e3).isEqualTo(giga);
  }

  @Test
  void labelsAreTakenAtTheStrideOfTheOutputs() {
    Recipe recipe = Recipe.load("voc-segmentation-r101-fpn", List.of());
    SegmentationAssembly assembly = (SegmentationAssembly) Assembly.of(recipe);
    assertThat(assembly.training(Manifests.of(new LabelMapKind(), 21, null)).side()).isEqualTo(65);
    assertThat(assembly.evaluation().side()).isEqualTo(513);
  }

  /** Counted by hand from the reference's layers: paper-recipes, section 3. */
  @ParameterizedTest
  @CsvSource({
    "coco-retinanet-r50-fpn, 90, 34070414, 96.703",
    "coco-retinanet-r50-fpn-dropblock, 0, 33862964, 94.936",
    "coco-retinanet-r50-fpn-finetune, 91, 34091159, 96.880"
  })
  void detectionIsAsLargeAsThePapers(String name, int ids, long parameters, double giga) {
    Recipe recipe = Recipe.load(name, List.of("task.category_ids=" + ids));
    NetworkSummary summary = new RecipeParts(recipe).summary();
    assertThat(summary.trainableParameters()).isEqualTo(parameters);
    assertThat(Math.round(summary.multiplyAdds() / 1e6) / 1e3).isEqualTo(giga);
  }

  /** The paper's network of cells, with its auxiliary classifier, and its sites. */
  @Test
  void cellsAreAsManyAsThePapers() {
    Recipe recipe =
        Recipe.load(
            "imagenet-resnet50-dropblock",
            List.of(
                "model.family=amoebanet",
                "model.depth=",
                "model.cells=6",
                "model.width=256",
                "data.classes=1001",
                "data.size=331",
                "dropblock.groups=[2]",
                "dropblock.block_size=11",
                "dropblock.group_divisor=1"));
    NetworkSummary summary = new RecipeParts(recipe).summary();
    assertThat(summary.trainableParameters()).isEqualTo(141_751_465 + 977_124);
    assertThat(summary.dropBlocks()).hasSize(132).allMatch(site -> site.dropScale() == 1);
    assertThat(summary.layers()).extracting(LayerSummary::name).contains("head/dropout");
    assertThat(Assembly.of(recipe).objective(Manifests.of(new ClassLabelKind(), 1001, null)))
        .isEqualTo(new Classification(1001, 2));
  }

  @Test
  void allBundledRecipesHaveANetwork() {
    for (String name : Recipe.names()) {
      assertThat(new RecipeParts(Recipe.load(name, List.of())).summary().layers()).isNotEmpty();
    }
  }

  /** Of the normalisations those behind the trunk: the filter by names of the reference. */
  @ParameterizedTest
  @CsvSource({"shapes-detection", "shapes-segmentation"})
  void decaysTheNormalizationsOfTheHeadAlone(String name) {
    ComputationGraph network =
        network(name, "train.weight_decay.of=[kernels, biases, head-normalization]");
    assertThat(decayed(network, "stem/bn", "gamma")).isFalse();
    assertThat(decayed(network, "group3/block0/bn2", "beta")).isFalse();
    assertThat(decayed(network, "pyramid/bn4", "gamma")).isTrue();
    assertThat(decayed(network, "pyramid/bn4", "beta")).isTrue();
    assertThat(decayed(network, "stem/conv", "W")).isTrue();
    assertThat(decayed(network, "pyramid/conv4", "W")).isTrue();
    assertThat(decayed(network, "pyramid/conv4", "b")).isTrue();
    network = network(name, "train.weight_decay.of=[normalization]");
    assertThat(decayed(network, "stem/bn", "gamma")).isTrue();
    assertThat(decayed(network, "pyramid/bn4", "gamma")).isTrue();
    assertThat(decayed(network, "stem/conv", "W")).isFalse();
    network = network(name, "train.weight_decay.of=[kernels]");
    assertThat(decayed(network, "stem/bn", "gamma")).isFalse();
    assertThat(decayed(network, "pyramid/bn4", "gamma")).isFalse();
  }

  private static boolean decayed(ComputationGraph network, String vertex, String parameter) {
    var decays = network.getVertex(vertex).getConfig().getRegularizationByParam(parameter);
    return decays != null && !decays.isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"shapes-detection", "shapes-segmentation", "demo"})
  void freezesTheFirstConvolution(String name) {
    ComputationGraph frozen = network(name, "train.freeze_first_convolution=true");
    assertThat(updater(frozen, "stem/conv", "W")).isInstanceOf(FrozenSettings.class);
    assertThat(decayed(frozen, "stem/conv", "W")).isFalse();
    assertThat(updater(frozen, "stem/bn", "gamma")).isInstanceOf(MomentumSettings.class);
    assertThat(updater(frozen, "group1/block0/conv1", "W")).isInstanceOf(MomentumSettings.class);
    assertThat(updater(network(name, "seed=1"), "stem/conv", "W"))
        .isInstanceOf(MomentumSettings.class);
  }

  /** In all of the network, decoupled with AdamW alone. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "{kind: rmsprop, decay: 0.8, momentum: 0.7, epsilon: 0.5}"
            + " | RmsPropSettings(decay=0.8, momentum=0.7, epsilon=0.5, learningRate=0.0, clipNorm=3.0)"
            + " | L2Regularization",
        "{kind: adam, beta2: 0.99}"
            + " | AdamSettings(beta1=0.9, beta2=0.99, epsilon=1.0E-8, learningRate=0.0, clipNorm=3.0)"
            + " | L2Regularization",
        "{kind: adamw, beta1: 0.8}"
            + " | AdamSettings(beta1=0.8, beta2=0.999, epsilon=1.0E-8, learningRate=0.0, clipNorm=3.0)"
            + " | DecoupledDecay",
        "{kind: momentum, momentum: 0.8}"
            + " | MomentumSettings(momentum=0.8, nesterov=true, learningRate=0.0, clipNorm=3.0)"
            + " | L2Regularization"
      })
  void trainsByTheOptimizerOfTheRecipe(String block, String settings, String decay) {
    for (String name : List.of("shapes-detection", "demo")) {
      ComputationGraph network =
          new RecipeParts(
                  Recipe.load(
                      name,
                      List.of(
                          "train.optimizer=" + block,
                          "train.clip_norm=3",
                          "train.weight_decay={rate: 0.01, of: [kernels, normalization]}")))
              .network();
      OnePassUpdater.attach(network);
      for (String vertex : List.of("stem/conv", "stem/bn")) {
        String parameter = vertex.endsWith("bn") ? "gamma" : "W";
        assertThat(updater(network, vertex, parameter)).hasToString(settings);
        assertThat(network.getVertex(vertex).getConfig().getRegularizationByParam(parameter))
            .singleElement()
            .satisfies(one -> assertThat(one.getClass().getSimpleName()).isEqualTo(decay));
      }
    }
  }

  private static IUpdater updater(ComputationGraph network, String vertex, String parameter) {
    return network.getVertex(vertex).getConfig().getUpdaterByParam(parameter);
  }

  private static ComputationGraph network(String name, String change) {
    return new RecipeParts(Recipe.load(name, List.of(change))).network();
  }

  @Test
  void classesHaveTheOutputsOfTheirIds() {
    Recipe recipe = Recipe.load("shapes-detection", List.of("task.category_ids=5"));
    DetectionAssembly assembly = (DetectionAssembly) Assembly.of(recipe);
    DatasetManifest manifest = Manifests.of(new ObjectSetKind(), 3, List.of(5, 1, 2));
    assembly.requireFit(new Path("data"), manifest, new Configuration());
    assertThat(assembly.targets(manifest))
        .isEqualTo(
            new AnchorTargets(AnchorSettings.REFERENCE, List.of(4, 8, 16), List.of(4, 0, 1)));
    Recipe own = Recipe.load("shapes-detection", List.of("task.anchor_scale=3"));
    assertThat(((DetectionAssembly) Assembly.of(own)).targets(manifest))
        .isEqualTo(
            new AnchorTargets(
                new AnchorSettings(3, 3, AnchorSettings.REFERENCE.aspects()),
                List.of(4, 8, 16),
                List.of(0, 1, 2)));
  }

  @Test
  void refusesDataSetsWithoutFittingIds() {
    assertMisfit(
        Manifests.of(new ObjectSetKind(), 3, null),
        "it has no category ids, and the network has an output for each id from 1 to 5; set"
            + " task.category_ids=0 for one for each class");
    assertMisfit(
        Manifests.of(new ObjectSetKind(), 3, List.of(1, 6, 2)),
        "category class1 has id 6, and the network has an output for each id from 1 to 5; set"
            + " task.category_ids=0 for one for each class");
    assertMisfit(
        Manifests.of(new ObjectSetKind(), 3, List.of(1, 2, 0)),
        "category class2 has id 0, and the network has an output for each id from 1 to 5; set"
            + " task.category_ids=0 for one for each class");
  }

  private static void assertMisfit(DatasetManifest manifest, String reason) {
    Recipe recipe = Recipe.load("shapes-detection", List.of("task.category_ids=5"));
    assertThatThrownBy(
            () -> Assembly.of(recipe).requireFit(new Path("d"), manifest, new Configuration()))
        .isInstanceOf(DataException.class)
        .hasMessage("Cannot use data set d for shapes-detection: " + reason);
  }

  @Test
  void refusesToMeasureOnImagesWithoutObjects() {
    ClassCounts counts = new ClassCounts(List.of(2L, 0L, 1L), List.of(0L, 0L, 0L));
    DatasetManifest manifest = Manifests.of(new ObjectSetKind(), 3, null, counts);
    Recipe recipe = Recipe.load("shapes-detection", List.of());
    assertThatThrownBy(
            () -> Assembly.of(recipe).requireFit(new Path("d"), manifest, new Configuration()))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "Cannot evaluate on d: there is no object in its validation images, prepare it with"
                + " some");
  }

  @Test
  void resultsHaveTheIdsOfTheSource() {
    Assembly assembly = Assembly.of(Recipe.load("shapes-detection", List.of()));
    assertThat(categories(assembly, List.of(5, 1, 2))).containsExactly(5, 1, 2);
    assertThat(categories(assembly, null)).containsExactly(1, 2, 3);
    DatasetManifest none = Manifests.of(new ClassLabelKind(), 3, null);
    assertThat(Assembly.of(Recipe.load("demo", List.of())).results(none)).isEmpty();
  }

  private static List<Integer> categories(Assembly assembly, List<Integer> ids) {
    DatasetManifest manifest = Manifests.of(new ObjectSetKind(), 3, ids);
    return ((DetectionResults) assembly.results(manifest).orElseThrow()).categories();
  }
}
