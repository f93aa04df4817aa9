package io.dropblock.spark.data.prepare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropblock.spark.data.DataException;
import io.dropblock.spark.data.LocalSpark;
import io.dropblock.spark.data.TestImages;
import io.dropblock.spark.data.shard.DatasetManifest;
import io.dropblock.spark.data.shard.PreparationSettings;
import io.dropblock.spark.data.source.folder.ImageFolder;
import io.dropblock.spark.files.FullDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A disk that is full before a data set is written: 2 shards of train of about 400 kB, 1 of val.
 */
class FullDiskTest {
  private static final PreparationSettings SETTINGS =
      PreparationSettings.of("drawn", 7).withBlockRecords(64);

  private static JavaSparkContext spark;
  @TempDir private static Path raw;

  @TempDir private Path disk;
  private Path work;

  @BeforeAll
  static void start() throws IOException {
    spark =
        LocalSpark.start(2, Map.of("spark.hadoop." + FullDisk.SETTING, FullDisk.class.getName()));
    TestImages.folder(raw, List.of("cat", "dog", "newt"), 300, 20);
  }

  @AfterAll
  static void stop() {
    spark.close();
  }

  @BeforeEach
  void folder() {
    work = disk.resolve("new/work");
  }

  @AfterEach
  void room() {
    FullDisk.left = Long.MAX_VALUE;
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 10, 300, 20_000})
  void leavesNothingWhereNoShardIsWhole(long bytes) {
    FullDisk.left = bytes;
    assertThatThrownBy(this::prepare)
        .isInstanceOf(DataException.class)
        .hasMessageContaining("No space left on device")
        .hasMessageNotContaining("\n");
    assertThat(disk).isEmptyDirectory();
  }

  @Test
  void keepsWholeShardsAndGoesOnWhenThereIsRoom() throws IOException {
    DatasetManifest undisturbed = prepare();
    long train = undisturbed.train().get(0).bytes();
    delete();
    // Room for one shard of the two that are written at a time, whichever comes first.
    FullDisk.left = train + train / 2;
    assertThatThrownBy(this::prepare)
        .isInstanceOf(DataException.class)
        .hasMessageMatching(
            "Cannot prepare drawn: Cannot write shard full:.*/(train-0000[01]|val-00000).parquet: No space left on"
                + " device; free \\d+\\.\\d MB or choose another --out"
                + "(; the same command goes on with \\d finished shards? in full:.*)?");
    assertThat(files()).noneMatch(name -> name.startsWith("_train") || name.endsWith(".lock"));
    FullDisk.left = Long.MAX_VALUE;
    assertThat(prepare().train()).isEqualTo(undisturbed.train());
    assertThat(files()).contains("manifest.json").noneMatch(name -> name.startsWith("_"));
  }

  private void delete() throws IOException {
    org.apache.hadoop.fs.Path path = new org.apache.hadoop.fs.Path("full:" + work);
    path.getFileSystem(spark.hadoopConfiguration()).delete(path, true);
  }

  private List<String> files() throws IOException {
    try (Stream<Path> files = Files.walk(disk)) {
      return files.map(path -> path.getFileName().toString()).toList();
    }
  }

  private DatasetManifest prepare() {
    return Preparation.run(
        spark,
        ImageFolder.list(new org.apache.hadoop.fs.Path(raw.toString()), new Configuration()),
        new org.apache.hadoop.fs.Path("full:" + work + "/out"),
        SETTINGS);
  }
}
