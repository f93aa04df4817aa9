package io.dropblock.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.dropblock.spark.data.source.DrawnObjects;
import io.dropblock.spark.data.source.DrawnScenes;
import io.dropblock.spark.data.source.DrawnShapes;
import io.dropblock.spark.files.HadoopPath;
import io.dropblock.spark.recipe.ModelRecipe.Family;
import io.dropblock.spark.recipe.Recipe;
import io.dropblock.spark.recipe.TaskRecipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every bundled recipe trains: two steps, with all that it is made of, in few filters and few
 * layers on small images. Its schedules are of many epochs, so that rate and keep probability are
 * constants here.
 */
@ExtendWith(SparkInThisJvm.class)
class BundledRecipesTrainTest {
  private static final List<String> TINY =
      List.of(
          "train.world=1",
          "train.local_batch=3",
          "train.slots=1",
          "train.epochs=1",
          "train.learning_rate=0.001",
          "train.averaging.every=1",
          "train.evaluate_every=1",
          "dropblock.keep_probability=0.9");

  @TempDir private static Path folder;

  @BeforeAll
  static void prepare() throws IOException {
    FileSystem disk = FileSystem.getLocal(new Configuration()).getRaw();
    new DrawnShapes(1).write(disk, images("shapes"), 1, 1);
    new DrawnScenes(1).write(disk, images("scenes"), 6, 2);
    new DrawnObjects(1).write(disk, images("objects"), 6, 2);
    for (String kind : List.of("shapes", "scenes", "objects")) {
      assertThat(Answer.to("prepare", path(kind + "-images"), "--out", path(kind)).error())
          .isEmpty();
    }
  }

  private static org.apache.hadoop.fs.Path images(String kind) {
    return HadoopPath.of(path(kind + "-images"), new Configuration());
  }

  private static String path(String name) {
    return folder.resolve(name).toString();
  }

  static List<String> names() {
    return Recipe.names();
  }

  @ParameterizedTest
  @MethodSource("names")
  void trainsTwoSteps(String name) throws IOException {
    Recipe recipe = Recipe.load(name, List.of());
    List<String> arguments = new ArrayList<>(List.of("train", name, "--run", path(name)));
    arguments.addAll(List.of("--data", path(data(recipe))));
    List<String> settings = new ArrayList<>(TINY);
    settings.addAll(small(recipe));
    recipe.model().depth().ifPresent(of -> settings.add("model.depth=" + least(recipe)));
    recipe.train().movingAverage().ifPresent(of -> settings.add("train.moving_average.every=1"));
    settings.forEach(setting -> arguments.addAll(List.of("--set", setting)));

    Answer trained = Answer.to(arguments.toArray(String[]::new));

    assertThat(trained.error()).isEmpty();
    assertThat(trained.status()).isZero();
    Path checkpoint = folder.resolve(name).resolve("checkpoints/epoch-0001");
    assertThat(checkpoint.resolve("parameters.bin")).exists();
    assertThat(Files.exists(checkpoint.resolve("average.bin")))
        .isEqualTo(recipe.train().movingAverage().isPresent());
    assertThat(folder.resolve(name).resolve("events.jsonl"))
        .content()
        .containsPattern("\"steps\" ?: ?2\\b|\"step\" ?: ?2\\b");
  }

  /** Layers of the family's smallest network. */
  private static int least(Recipe recipe) {
    return recipe.model().family() == Family.RESNET ? 50 : 8;
  }

  private static String data(Recipe recipe) {
    if (recipe.task() instanceof TaskRecipe.Segmentation) {
      return "scenes";
    }
    return recipe.task() instanceof TaskRecipe.Detection ? "objects" : "shapes";
  }

  private static List<String> small(Recipe recipe) {
    if (recipe.task() instanceof TaskRecipe.Classification) {
      return smallClassifier(recipe);
    }
    List<String> small =
        new ArrayList<>(List.of("model.width=2", "task.pyramid_filters=4", "task.head_filters=4"));
    boolean detection = recipe.task() instanceof TaskRecipe.Detection;
    small.addAll(
        detection
            ? List.of("data.classes=3", "data.size=64", "task.category_ids=0")
            : List.of("data.classes=4", "data.size=65"));
    return small;
  }

  private static List<String> smallClassifier(Recipe recipe) {
    List<String> small = new ArrayList<>(List.of("data.classes=6"));
    boolean cells = recipe.model().family() == Family.AMOEBANET;
    boolean second = recipe.model().auxiliaryWeight().orElse(0.0) > 0;
    // the second classifier needs 67 pixels
    small.add("data.size=" + Math.max(second ? 67 : 32, recipe.data().cutout()));
    small.add("model.width=" + (cells ? 4 : 2));
    if (cells) {
      small.addAll(List.of("model.cells=1", "model.stem_filters=4"));
    }
    if (recipe.data().evaluationSize().isPresent()) {
      small.addAll(List.of("data.evaluation_size=40", "data.evaluation_resize=44"));
    }
    return small;
  }
}
