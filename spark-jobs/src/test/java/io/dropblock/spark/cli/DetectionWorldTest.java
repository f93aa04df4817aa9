package io.dropblock.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.dropblock.nn.NetworkState;
import io.dropblock.spark.data.source.DrawnObjects;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * One, two and four ranks train the same detector where normalisation is frozen. A micro-batch is
 * one image, so that the losses are divided by the same numbers, and an epoch is one step of all
 * images.
 */
class DetectionWorldTest {
  private static final int IMAGES = 24;

  @TempDir private static Path folder;

  @BeforeAll
  static void prepare() throws IOException {
    System.setProperty("spark.master", "local[4]");
    System.setProperty("spark.ui.enabled", "false");
    FileSystem disk = FileSystem.getLocal(new Configuration()).getRaw();
    new DrawnObjects(1).write(disk, HadoopPath.of(path("images"), new Configuration()), IMAGES, 4);
    assertThat(Answer.to("prepare", path("images"), "--out", path("data")).error()).isEmpty();
  }

  @AfterAll
  static void forget() {
    System.clearProperty("spark.master");
    System.clearProperty("spark.ui.enabled");
  }

  private static String path(String name) {
    return folder.resolve(name).toString();
  }

  @Test
  void theNumberOfRanksDoesNotMatter() {
    INDArray one = train(1, true);
    assertThat(apart(train(2, true), one)).isLessThan(1e-5);
    assertThat(apart(train(4, true), one)).isLessThan(1e-5);
    // What an image's own statistics do to it is not without effect
    assertThat(apart(train(2, false), one)).isGreaterThan(1e-3);
  }

  private static INDArray train(int world, boolean frozen) {
    String run = path("run-" + world + "-" + frozen);
    List<String> arguments =
        new ArrayList<>(List.of("train", "shapes-detection", "--data", path("data"), "--run", run));
    for (String setting :
        List.of(
            "model.width=4",
            "model.norm_frozen=" + frozen,
            "task.pyramid_filters=4",
            "task.head_filters=4",
            "dropblock.groups=[]",
            "dropblock.sites=[]",
            "train.world=" + world,
            "train.local_batch=1",
            "train.accumulation=" + IMAGES / world,
            "train.learning_rate=0.01",
            "train.epochs=4",
            "train.evaluate_every=4")) {
      arguments.addAll(List.of("--set", setting));
    }
    Answer answer = Answer.to(arguments.toArray(String[]::new));
    assertThat(answer.error()).isEmpty();
    assertThat(answer.status()).isZero();
    Configuration configuration = new Configuration();
    NetworkState network =
        RunFolder.open(HadoopPath.of(run, configuration), configuration)
            .checkpoints()
            .named("epoch-0004", line -> {})
            .network();
    return network.restore().params().dup();
  }

  /** Relative to the length of the parameters. */
  private static double apart(INDArray one, INDArray other) {
    return one.distance2(other) / other.norm2Number().doubleValue();
  }
}
