package io.dropblock.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.dropblock.nn.NetworkState;
import io.dropblock.spark.cli.assembly.RecipeParts;
import io.dropblock.spark.data.LocalSpark;
import io.dropblock.spark.data.source.DrawnObjects;
import io.dropblock.spark.data.source.DrawnScenes;
import io.dropblock.spark.data.source.DrawnShapes;
import io.dropblock.spark.evaluate.Evaluation;
import io.dropblock.spark.evaluate.example.Example;
import io.dropblock.spark.evaluate.example.ExampleLimits;
import io.dropblock.spark.evaluate.example.Examples;
import io.dropblock.spark.files.HadoopPath;
import io.dropblock.spark.recipe.Recipe;
import io.dropblock.spark.report.ExampleSheet;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What networks of all tasks that have learned nothing are shown to be wrong in. */
@ExtendWith(SparkInThisJvm.class)
class ExamplesOfTasksTest {
  private static final Configuration HADOOP = new Configuration();

  @TempDir private Path folder;

  private interface Drawing {
    void write(FileSystem files, org.apache.hadoop.fs.Path folder) throws IOException;
  }

  private Path prepared(Drawing drawing) throws IOException {
    Path images = folder.resolve("images");
    drawing.write(FileSystem.getLocal(HADOOP).getRaw(), HadoopPath.of(images.toString(), HADOOP));
    Path data = folder.resolve("data");
    assertThat(Answer.to("prepare", images.toString(), "--out", data.toString()).error()).isEmpty();
    return data;
  }

  @Test
  void classesOfImages() throws IOException {
    Path data = prepared((files, images) -> new DrawnShapes(1).write(files, images, 2, 9));
    Examples shown = sameOnAnyRanks(data, "demo", "model.width=2");
    assertThat(shown.worst()).allMatch(it -> it.exhibit().panels().size() == 1);
  }

  @Test
  void classesOfPixels() throws IOException {
    Path data = prepared((files, images) -> new DrawnScenes(1).write(files, images, 2, 40));
    Examples shown =
        sameOnAnyRanks(
            data,
            "shapes-segmentation",
            "model.width=4",
            "task.pyramid_filters=4",
            "task.head_filters=4");
    assertThat(shown.worst()).allMatch(it -> it.exhibit().panels().size() == 3);
    assertThat(shown.worst().get(0).exhibit().legend()).hasSizeGreaterThan(2);
  }

  @Test
  void objects() throws IOException {
    Path data = prepared((files, images) -> new DrawnObjects(1).write(files, images, 2, 26));
    Examples shown =
        sameOnAnyRanks(
            data,
            "shapes-detection",
            "model.width=4",
            "task.pyramid_filters=4",
            "task.head_filters=4");
    assertThat(shown.worst()).allMatch(it -> it.exhibit().panels().size() == 2);
    assertThat(shown.worst().get(0).exhibit().panels()).allMatch(panel -> !panel.marks().isEmpty());
  }

  private Examples sameOnAnyRanks(Path data, String recipe, String... settings) throws IOException {
    RecipeParts parts = new RecipeParts(Recipe.load(recipe, Arrays.asList(settings)));
    ComputationGraph network = parts.network();
    // Of a new detector nothing has a score to speak of
    for (INDArray parameter : network.paramTable().values()) {
      for (long i = 0; i < parameter.length(); i++) {
        if (parameter.getFloat(i) < -4) {
          parameter.putScalar(i, i % 2 == 0 ? .5 : -1);
        }
      }
    }
    Examples first = null;
    try (JavaSparkContext spark = LocalSpark.start(4)) {
      for (int world : new int[] {1, 2, 4}) {
        Evaluation evaluation =
            parts
                .evaluation(
                    HadoopPath.of(data.toString(), HADOOP),
                    parts.dataset(HadoopPath.of(data.toString(), HADOOP), HADOOP),
                    HADOOP,
                    world)
                .showing(new ExampleLimits(40, 4));
        Examples shown = evaluation.run(spark, NetworkState.of(network)).examples();
        first = first == null ? shown : first;
        assertThat(losses(shown)).hasSizeGreaterThan(1);
        assertThat(sheet(shown)).as("%d ranks", world).isEqualTo(sheet(first));
      }
    }
    return first;
  }

  private static Set<Double> losses(Examples shown) {
    return shown.worst().stream().map(Example::loss).collect(Collectors.toSet());
  }

  private static byte[] sheet(Examples shown) throws IOException {
    return new ExampleSheet(
            List.of(
                new ExampleSheet.Section("worst", shown.worst()),
                new ExampleSheet.Section("right", shown.right())),
            128)
        .png();
  }
}
