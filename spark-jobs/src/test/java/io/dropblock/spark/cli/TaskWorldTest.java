package io.dropblock.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.dropblock.nn.NetworkState;
import io.dropblock.spark.data.source.DrawnObjects;
import io.dropblock.spark.data.source.DrawnScenes;
import io.dropblock.spark.files.HadoopPath;
import io.dropblock.spark.train.RunFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * One to four ranks share the six slots of a step and end with the same bits: losses that divide by
 * the objects or the pixels of a slot, and batch normalisation, see the same images.
 */
class TaskWorldTest {
  private static final int IMAGES = 24;

  @TempDir private static Path folder;

  @BeforeAll
  static void prepare() throws IOException {
    System.setProperty("spark.master", "local[4]");
    System.setProperty("spark.ui.enabled", "false");
    FileSystem disk = FileSystem.getLocal(new Configuration()).getRaw();
    new DrawnObjects(1).write(disk, images("shapes-detection"), IMAGES, 4);
    new DrawnScenes(1).write(disk, images("shapes-segmentation"), IMAGES, 4);
    for (String recipe : List.of("shapes-detection", "shapes-segmentation")) {
      assertThat(Answer.to("prepare", path("images-" + recipe), "--out", path(recipe)).error())
          .isEmpty();
    }
  }

  @AfterAll
  static void forget() {
    System.clearProperty("spark.master");
    System.clearProperty("spark.ui.enabled");
  }

  private static org.apache.hadoop.fs.Path images(String recipe) {
    return HadoopPath.of(path("images-" + recipe), new Configuration());
  }

  private static String path(String name) {
    return folder.resolve(name).toString();
  }

  @ParameterizedTest
  @ValueSource(strings = {"shapes-detection", "shapes-segmentation"})
  void theNumberOfRanksDoesNotMatter(String recipe) {
    NetworkState one = train(recipe, 1, 6);
    for (int world = 2; world <= 4; world++) {
      assertThat(train(recipe, world, 6).arrays()).containsExactlyEntriesOf(one.arrays());
    }
    // What a slot holds is not without effect
    assertThat(apart(train(recipe, 4, 12), one)).isGreaterThan(1e-3);
  }

  private static NetworkState train(String recipe, int world, int slots) {
    String run = path("run-" + recipe + "-" + world + "-" + slots);
    List<String> arguments =
        new ArrayList<>(List.of("train", recipe, "--data", path(recipe), "--run", run));
    for (String setting :
        List.of(
            "model.width=4",
            "task.pyramid_filters=4",
            "task.head_filters=4",
            "train.world=" + world,
            "train.local_batch=" + 12 / slots,
            "train.slots=" + slots,
            "train.learning_rate=0.01",
            "train.epochs=2",
            "train.evaluate_every=2")) {
      arguments.addAll(List.of("--set", setting));
    }
    Answer answer = Answer.to(arguments.toArray(String[]::new));
    assertThat(answer.error()).isEmpty();
    assertThat(answer.status()).isZero();
    Configuration configuration = new Configuration();
    return RunFolder.open(HadoopPath.of(run, configuration), configuration)
        .checkpoints()
        .named("epoch-0002", line -> {})
        .network();
  }

  /** Relative to the length of the parameters. */
  private static double apart(NetworkState one, NetworkState other) {
    INDArray expected = other.restore().params();
    return one.restore().params().distance2(expected) / expected.norm2Number().doubleValue();
  }
}
