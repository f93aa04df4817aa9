package io.dropblock.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.dropblock.nn.NetworkState;
import io.dropblock.spark.data.source.DrawnShapes;
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
 * A small network of cells in training, with all that its recipes have: RMSProp, a moving average,
 * DropBlock, dropout, and images that are changed at random.
 */
class CellsTrainingTest {
  private static final int IMAGES = 12;
  private static final int EPOCHS = 2;
  private static final List<String> SMALL =
      List.of(
          "data.classes=6",
          "data.size=16",
          "data.transform=inception-crop",
          "data.pad=",
          "data.augment=trivial-augment",
          "data.random_erasing=0.5",
          "model.width=4",
          "model.stem_filters=8",
          "model.dropout=0.3",
          "dropblock.groups=[2]",
          "dropblock.keep_probability=linear(0.9, 0.7)",
          "train.learning_rate=linear(0.02, 0.01)",
          "train.moving_average.decay=0.6",
          "train.moving_average.every=1",
          "train.epochs=" + EPOCHS,
          "train.evaluate_every=" + EPOCHS);

  @TempDir private static Path folder;

  @BeforeAll
  static void prepare() throws IOException {
    System.setProperty("spark.master", "local[4]");
    System.setProperty("spark.ui.enabled", "false");
    FileSystem disk = FileSystem.getLocal(new Configuration()).getRaw();
    new DrawnShapes(1)
        .write(disk, HadoopPath.of(path("images"), new Configuration()), IMAGES / 6, 1);
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

  /**
   * They share the four slots of each of six steps. What is drawn for an image goes by its number,
   * and normalisation is frozen, as a slot has one image only.
   */
  @Test
  void theNumberOfRanksDoesNotMatter() {
    NetworkState one = ofRanks(1);
    for (int world : new int[] {3, 4}) {
      assertThat(ofRanks(world).arrays()).containsExactlyEntriesOf(one.arrays());
    }
    // neither average nor masks are without effect
    assertThat(apart(one.averaged(), one.raw())).isGreaterThan(1e-3);
    NetworkState undropped = ofRanks(2, "dropblock.groups=[]", "model.dropout=0");
    assertThat(apart(undropped.raw(), one.raw())).isGreaterThan(1e-3);
  }

  private static NetworkState ofRanks(int world, String... more) {
    List<String> settings =
        new ArrayList<>(
            List.of(
                "model.norm_frozen=true",
                "train.world=" + world,
                "train.local_batch=1",
                "train.slots=4"));
    settings.addAll(List.of(more));
    String run = "ranks-" + world + String.join("-", more).replaceAll("\\W", "");
    train(run, settings);
    return checkpoint(run);
  }

  /** Behind the first of its two epochs, of three steps each. */
  @Test
  void aRunThatIsCutOffGoesOnAsIfItWereNot() throws IOException {
    List<String> settings = List.of("train.world=2", "train.local_batch=2");
    train("run", settings);
    NetworkState end = checkpoint("run");
    assertThat(end.arrays())
        .containsOnlyKeys("parameters", "mean_square", "momentum", NetworkState.AVERAGE);
    FileSystem disk = FileSystem.getLocal(new Configuration()).getRaw();
    assertThat(disk.delete(HadoopPath.of(path("run/checkpoints/epoch-0002"), disk.getConf()), true))
        .isTrue();
    assertThat(checkpoint("run").arrays()).isNotEqualTo(end.arrays());
    train("run", settings, "--resume");
    assertThat(checkpoint("run").arrays()).containsExactlyEntriesOf(end.arrays());
  }

  /** Its workers train copies of the network. */
  @Test
  void dl4jsOwnMasterTrainsThem() {
    train("stock", List.of("train.world=2", "train.local_batch=2", "train.averaging.master=stock"));
    assertThat(apart(checkpoint("stock").averaged(), checkpoint("stock").raw())).isPositive();
  }

  private static void train(String run, List<String> settings, String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of("train", "cifar10-amoebanet", "--data", path("data"), "--run", path(run)));
    SMALL.forEach(one -> arguments.addAll(List.of("--set", one)));
    settings.forEach(one -> arguments.addAll(List.of("--set", one)));
    arguments.addAll(List.of(more));
    Answer answer = Answer.to(arguments.toArray(String[]::new));
    assertThat(answer.error()).isEmpty();
    assertThat(answer.status()).isZero();
  }

  private static NetworkState checkpoint(String run) {
    Configuration configuration = new Configuration();
    return RunFolder.open(HadoopPath.of(path(run), configuration), configuration)
        .checkpoints()
        .named("latest", line -> {})
        .network();
  }

  /** Relative to the length of the parameters. */
  private static double apart(NetworkState one, NetworkState other) {
    INDArray parameters = other.restore().params();
    return one.restore().params().distance2(parameters) / parameters.norm2Number().doubleValue();
  }
}
