package io.dropblock.spark.recipe;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dropblock.spark.recipe.yaml.Spelling;
import io.dropblock.spark.recipe.yaml.UnknownKeys;
import io.dropblock.spark.recipe.yaml.Yaml;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Notices the key that somebody added and forgot to test or to document. */
class RecipeKeysTest {

  private static final List<String> REFERENCES =
      List.of(
          "reference.yaml",
          "reference-resized.yaml",
          "reference-segmentation.yaml",
          "reference-detection.yaml",
          "reference-amoebanet.yaml",
          "reference-graph.yaml");

  @Test
  void theReferencesHaveEveryKey() {
    List<JsonNode> trees = REFERENCES.stream().map(file -> Yaml.read(resource(file))).toList();
    for (String key : UnknownKeys.keys(Recipe.class, "")) {
      assertThat(trees)
          .as("add %s to one of %s, and to its different.yaml", key, REFERENCES)
          .anyMatch(tree -> !tree.at(pointer(key)).isMissingNode());
    }
    for (int i = 0; i < trees.size(); i++) {
      assertThat(load(REFERENCES.get(i)).toYaml()).isEqualTo(Yaml.write(trees.get(i)));
    }
  }

  private static String pointer(String key) {
    return "/" + key.replace('.', '/');
  }

  @Test
  void everyKeySetsItsOwnComponent() throws Exception {
    assertAllDiffer(
        load("reference.yaml"),
        load("different.yaml"),
        "",
        Set.of(
            "data.scale",
            "model.file",
            "model.network",
            "dropblock.after",
            "model.cells",
            "model.stem_filters",
            "model.stem",
            "model.genotype",
            "model.auxiliary_weight",
            "model.dropout"));
    ModelRecipe cells = load("reference-amoebanet.yaml").model();
    ModelRecipe others = load("different-amoebanet.yaml").model();
    assertAllDiffer(
        cells,
        others,
        "model",
        Set.of(
            "model.family",
            "model.file",
            "model.network",
            "model.depth",
            "model.norm_decay",
            "model.norm_epsilon",
            "model.norm_frozen",
            "model.max_pool_padding"));
    GenotypeRecipe genotype = cells.genotype().orElseThrow();
    assertThat(genotype.normal().inputs()).containsExactly(0, 1, 2, 1);
    assertThat(genotype.reduction().operations()).containsExactly("max_pool_3x3", "3x3");
    assertThat(genotype.normal().used()).containsExactly(0, 1, 1, 0);
    assertThat(load("reference-resized.yaml").data().evaluationSize()).contains(48);
    assertThat(load("reference-resized.yaml").data().evaluationResize()).contains(56);
    assertThat(load("different.yaml").data().evaluationSize()).contains(256);
    assertThat(load("different.yaml").data().evaluationResize()).contains(300);
    Recipe one = load("reference-segmentation.yaml");
    Recipe other = load("different-segmentation.yaml");
    assertAllDiffer((Record) one.task(), (Record) other.task(), "task", Set.of());
    assertThat(one.data().scale()).contains(List.of(0.75, 1.5));
    assertThat(other.data().scale()).contains(List.of(1.0, 1.0));
    for (String task : List.of("segmentation", "detection")) {
      assertAllDiffer(
          (Record) load("reference-" + task + ".yaml").train().optimizer(),
          (Record) load("different-" + task + ".yaml").train().optimizer(),
          "train.optimizer",
          Set.of());
    }
    assertAllDiffer(
        (Record) load("reference-detection.yaml").task(),
        (Record) load("different-detection.yaml").task(),
        "task",
        Set.of());
  }

  /**
   * @param without keys that neither has
   */
  private static void assertAllDiffer(Record one, Record other, String path, Set<String> without)
      throws Exception {
    assertThat(one).hasSameClassAs(other);
    for (RecordComponent component : one.getClass().getRecordComponents()) {
      String key = Spelling.join(path, Spelling.key(component.getName()));
      Object left = present(component.getAccessor().invoke(one));
      Object right = present(component.getAccessor().invoke(other));
      if (left instanceof Record nested
          && nested.getClass().getPackage() == Recipe.class.getPackage()) {
        assertAllDiffer(nested, (Record) right, key, without);
      } else if (!without.contains(key)) {
        assertThat(left).as("give %s another value in different.yaml", key).isNotEqualTo(right);
      }
    }
  }

  private static Object present(Object value) {
    return value instanceof Optional<?> optional ? optional.orElse(null) : value;
  }

  /** What a recipe is without a key, where it may be left out. */
  private static final Map<String, Predicate<Recipe>> LEFT_OUT =
      Map.ofEntries(
          entry("name", recipe -> recipe.name().equals("it")),
          entry("task.label_smoothing", recipe -> recipe.task().equals(classification(0))),
          entry("task.anchor_scale", recipe -> detection(recipe).anchorScale() == 4),
          entry("task.category_ids", recipe -> detection(recipe).categoryIds() == 0),
          entry("task.score_threshold", recipe -> detection(recipe).scoreThreshold() == 0),
          entry("task.max_detections", recipe -> detection(recipe).maxDetections() == 100),
          entry("model.stem_filters", recipe -> recipe.model().stemFilters().orElseThrow() == 32),
          entry(
              "model.stem",
              recipe -> recipe.model().stem().orElseThrow() == ModelRecipe.Stem.IMAGENET),
          // what it held is there
          entry("model.file", recipe -> recipe.model().file().isEmpty()),
          entry("model.genotype", recipe -> recipe.model().genotype().isEmpty()),
          entry(
              "model.auxiliary_weight",
              recipe -> recipe.model().auxiliaryWeight().orElseThrow() == .4),
          entry("model.dropout", recipe -> recipe.model().dropout().orElseThrow() == .5),
          entry("model.norm_decay", recipe -> recipe.model().normDecay() == .9),
          entry("model.norm_epsilon", recipe -> recipe.model().normEpsilon() == 1e-5),
          entry("model.norm_frozen", recipe -> !recipe.model().normFrozen()),
          entry(
              "model.max_pool_padding",
              recipe -> recipe.model().maxPoolPadding() == ModelRecipe.MaxPoolPadding.SAME),
          entry(
              "train.optimizer.nesterov",
              recipe -> ((OptimizerRecipe.Momentum) recipe.train().optimizer()).nesterov()),
          entry("train.optimizer.beta1", recipe -> adamw(recipe).beta1() == .9),
          entry("train.optimizer.beta2", recipe -> adamw(recipe).beta2() == .999),
          entry("train.optimizer.epsilon", recipe -> adamw(recipe).epsilon() == 1e-8),
          entry("train.clip_norm", recipe -> recipe.train().clipNorm() == 0),
          entry(
              "train.weight_decay.of",
              recipe ->
                  recipe
                      .train()
                      .weightDecay()
                      .of()
                      .equals(
                          Set.of(
                              WeightDecayRecipe.Parameters.KERNELS,
                              WeightDecayRecipe.Parameters.BIASES))),
          entry(
              "train.freeze_first_convolution", recipe -> !recipe.train().freezeFirstConvolution()),
          entry("train.slots", recipe -> recipe.train().slots() == 0),
          entry("train.accumulation", recipe -> recipe.train().accumulation() == 1),
          entry(
              "train.averaging.master",
              recipe -> recipe.train().averaging().master() == AveragingRecipe.Master.RING),
          entry(
              "train.averaging.wire",
              recipe -> recipe.train().averaging().wire() == AveragingRecipe.Wire.EXACT),
          entry("train.moving_average", recipe -> recipe.train().movingAverage().isEmpty()),
          entry(
              "train.moving_average.every",
              recipe -> recipe.train().movingAverage().orElseThrow().every() == 1),
          entry(
              "train.moving_average.evaluate",
              recipe ->
                  recipe.train().movingAverage().orElseThrow().evaluate()
                      == MovingAverageRecipe.Weights.AVERAGE),
          entry("train.checkpoint_every", recipe -> recipe.train().checkpointEvery() == 250),
          entry("data.augment", recipe -> recipe.data().augment().equals("none")),
          entry("data.random_erasing", recipe -> recipe.data().randomErasing() == 0),
          entry("data.mixup", recipe -> recipe.data().mixup() == 0),
          entry("data.cutmix", recipe -> recipe.data().cutmix() == 0),
          entry("data.scaled_decoding", recipe -> !recipe.data().scaledDecoding()),
          entry("data.cutout", recipe -> recipe.data().cutout() == 0));

  /** Keys of one task's transform, which say so when they are missed. */
  private static final Map<String, String> MISSED =
      Map.of(
          "model.network",
          "Cannot read network ",
          "dropblock.after",
          "dropblock.after must be given for this model.family, not nothing",
          "model.depth",
          "model.depth must be ",
          "model.width",
          "model.width must be positive, not nothing",
          "model.cells",
          "model.cells must be positive for family amoebanet, not nothing",
          "data.pad",
          "data.pad must be from 0 to data.size for transform pad-crop, not nothing",
          "data.scale",
          "data.scale must be 2 ascending numbers above 0 and at most 8 for transform"
              + " scale-crop, not nothing");

  private static TaskRecipe classification(double labelSmoothing) {
    return new TaskRecipe.Classification(labelSmoothing);
  }

  private static OptimizerRecipe.Adamw adamw(Recipe recipe) {
    return (OptimizerRecipe.Adamw) recipe.train().optimizer();
  }

  private static TaskRecipe.Detection detection(Recipe recipe) {
    return (TaskRecipe.Detection) recipe.task();
  }

  /** What Adam has numbers for, RMSProp has none. */
  private static boolean isOfRmsprop(String key, JsonNode tree) {
    return key.startsWith("train.optimizer.")
        && tree.at("/train/optimizer/kind").asText().equals("rmsprop");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "reference.yaml",
        "reference-segmentation.yaml",
        "reference-detection.yaml",
        "reference-amoebanet.yaml",
        "reference-graph.yaml"
      })
  void everyRequiredKeyIsMissedAndNoOther(String file) {
    for (String key : UnknownKeys.keys(Recipe.class, "")) {
      ObjectNode tree = (ObjectNode) Yaml.read(resource(file));
      int dot = key.lastIndexOf('.');
      String parent = dot < 0 ? "" : pointer(key.substring(0, dot));
      if (!(tree.at(parent) instanceof ObjectNode block)
          || block.remove(key.substring(dot + 1)) == null) {
        continue;
      }
      byte[] text = Yaml.write(tree).getBytes(StandardCharsets.UTF_8);
      RecipeLoader loader = new RecipeLoader(List.of("it"), name -> text);
      if (LEFT_OUT.containsKey(key) && !isOfRmsprop(key, tree)) {
        assertThat(loader.load("it", List.of())).as(key).matches(LEFT_OUT.get(key));
      } else if (!key.startsWith("task")) {
        assertThatThrownBy(() -> loader.load("it", List.of()))
            .hasMessageStartingWith(
                "Cannot load recipe it: "
                    + MISSED.getOrDefault(key, "Missing key " + key + ": must be "))
            .hasMessageNotContaining("\n");
      } else if (file.matches("reference(-amoebanet|-graph)?\\.yaml")) {
        Recipe recipe = loader.load("it", List.of());
        assertThat(recipe.task()).isEqualTo(classification(key.equals("task") ? 0 : 0.1));
      } else {
        // without its kind, or without a task, it is a classification
        assertThatThrownBy(() -> loader.load("it", List.of()))
            .hasMessageStartingWith("Cannot load recipe it: ")
            .message()
            .matches(
                switch (key) {
                  case "task" -> "(?s).*data.transform must be pad-crop, random-resized-crop or.*";
                  case "task.kind" -> "(?s).*task.head_filters is for task .* only.*";
                  default -> ".*: Missing key " + key + ": must be .*";
                });
      }
    }
  }

  @Test
  void everyComponentIsDocumented() throws IOException {
    for (Class<?> type :
        List.of(
            Recipe.class,
            DataRecipe.class,
            AugmentRecipe.class,
            TaskRecipe.Classification.class,
            TaskRecipe.Segmentation.class,
            TaskRecipe.Detection.class,
            ModelRecipe.class,
            GenotypeRecipe.class,
            GenotypeRecipe.Cell.class,
            DropBlockRecipe.class,
            TrainRecipe.class,
            OptimizerRecipe.Momentum.class,
            OptimizerRecipe.Rmsprop.class,
            OptimizerRecipe.Adam.class,
            OptimizerRecipe.Adamw.class,
            WeightDecayRecipe.class,
            MovingAverageRecipe.class,
            AveragingRecipe.class)) {
      String source =
          Files.readString(
              Path.of(
                  "src/main/java",
                  type.getName().replaceAll("\\$.*", "").replace('.', '/') + ".java"));
      for (RecordComponent component : type.getRecordComponents()) {
        assertThat(source).contains("@param " + component.getName() + " ");
      }
    }
  }

  @Test
  void everyWordIsOnThePage() throws IOException {
    String page = Files.readString(Path.of("../docs/reference/recipe-keys.md"));
    for (Class<?> type :
        List.of(
            DataRecipe.Transform.class,
            AugmentRecipe.Policy.class,
            TaskRecipe.Segmentation.Padding.class,
            ModelRecipe.Family.class,
            DropBlockRecipe.Kind.class,
            DropBlockRecipe.Site.class,
            WeightDecayRecipe.Parameters.class,
            MovingAverageRecipe.Weights.class,
            AveragingRecipe.Master.class,
            AveragingRecipe.Wire.class)) {
      for (Object constant : type.getEnumConstants()) {
        assertThat(page).contains("`" + Spelling.word((Enum<?>) constant) + "`");
      }
    }
  }

  private static Recipe load(String file) {
    return new RecipeLoader(
            List.of(
                file.replace(".yaml", ""),
                "reference-segmentation",
                "reference-detection",
                "reference-amoebanet",
                "reference-graph"),
            name -> resource(name.replace(".yaml", "") + ".yaml").getBytes(StandardCharsets.UTF_8))
        .load(file.replace(".yaml", ""), List.of());
  }

  private static String resource(String file) {
    try (var in = RecipeKeysTest.class.getResourceAsStream(file)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
