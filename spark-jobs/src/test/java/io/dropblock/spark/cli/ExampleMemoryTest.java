package io.dropblock.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.dropblock.spark.cli.assembly.RecipeParts;
import io.dropblock.spark.page.Repository;
import io.dropblock.spark.preflight.MemorySettings;
import io.dropblock.spark.preflight.finding.Finding;
import io.dropblock.spark.preflight.finding.Verdict;
import io.dropblock.spark.recipe.Recipe;
import io.dropblock.spark.ring.SumOrder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.spark.SparkConf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The recipe that goes with each file of cluster-configs/examples: its step, and its memory. */
class ExampleMemoryTest {
  private static final Pattern SET = Pattern.compile("--set (?:'([^']*)'|(\\S+))");

  static List<Path> files() throws IOException {
    try (Stream<Path> all = Files.list(Repository.ROOT.resolve("cluster-configs/examples"))) {
      return all.filter(file -> file.toString().endsWith(".conf")).sorted().toList();
    }
  }

  private static Recipe recipe(String text) {
    String command =
        text.lines().filter(line -> line.startsWith("#   ./submit.sh")).findFirst().orElseThrow();
    List<String> changes = new ArrayList<>();
    Matcher set = SET.matcher(command);
    while (set.find()) {
      changes.add(set.group(1) == null ? set.group(2) : set.group(1));
    }
    return Recipe.load("imagenet-resnet50-dropblock", changes);
  }

  @ParameterizedTest
  @MethodSource("files")
  void slotsTimesLocalBatchIsTheGlobalBatch(Path file) throws IOException {
    String text = Files.readString(file);
    Matcher step = Pattern.compile("# Step: +(\\d+) slots x (\\d+) images = (\\d+)").matcher(text);
    assertThat(step.find()).isTrue();
    Recipe recipe = recipe(text);
    int slots = Integer.parseInt(step.group(1));
    int localBatch = Integer.parseInt(step.group(2));
    int globalBatch = Integer.parseInt(step.group(3));
    assertThat(recipe.train().slots()).isEqualTo(slots);
    assertThat(recipe.train().localBatch()).isEqualTo(localBatch);
    assertThat(slots * localBatch).isEqualTo(globalBatch).isIn(1024, 2048);
    assertThat(conf(text).getInt("spark.executor.instances", 0)).isBetween(1, slots);
    // He et al. 2015: 0.1 for 256 images
    assertThat(recipe.train().learningRate().over(recipe.train().epochs()).at(10.0 / 270))
        .isEqualTo(.1 * globalBatch / 256);
  }

  private static SparkConf conf(String text) {
    SparkConf conf = new SparkConf(false).set("spark.master", "yarn");
    text.lines()
        .filter(line -> line.startsWith("spark."))
        .map(line -> line.split(" ", 2))
        .forEach(words -> conf.set(words[0], words[1]));
    return conf.set("spark.task.cpus", conf.get("spark.executor.cores"));
  }

  /** On GPUs what is counted here is in their memory. */
  @ParameterizedTest
  @MethodSource("files")
  void whatCheckEstimatesFits(Path file) throws IOException {
    if (file.toString().contains("gpu")) {
      return;
    }
    String text = Files.readString(file);
    Recipe recipe = recipe(text);
    SparkConf conf = conf(text);
    int world = conf.getInt("spark.executor.instances", 0);
    Finding memory =
        new MemorySettings(
                conf, RecipeNeed.of(recipe, new RecipeParts(recipe), world, SumOrder.SLOTS))
            .finding();
    assertThat(memory.verdict()).as(memory.seen()).isEqualTo(Verdict.OK);
  }
}
