package io.dropblock.spark.data.prepare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropblock.spark.data.DataException;
import io.dropblock.spark.data.LocalSpark;
import io.dropblock.spark.data.Split;
import io.dropblock.spark.data.TestImages;
import io.dropblock.spark.data.kind.ClassLabelKind;
import io.dropblock.spark.data.shard.DatasetManifest;
import io.dropblock.spark.data.shard.PreparationSettings;
import io.dropblock.spark.data.shard.Resize;
import io.dropblock.spark.data.shard.Shard;
import io.dropblock.spark.data.shard.ShardReader;
import io.dropblock.spark.data.source.ImageListing;
import io.dropblock.spark.data.source.folder.ImageFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Preparations that are cut off and run again: 4 shards of train, 1 of val. */
class RestartTest {
  private static final PreparationSettings SETTINGS =
      PreparationSettings.of("drawn", 7).withBlockRecords(64);

  private static JavaSparkContext spark;
  @TempDir private static Path drawn;

  @TempDir Path temp;
  private Path raw;
  private Path out;
  private Path unfinished;
  private final List<String> progress = new ArrayList<>();

  @BeforeAll
  static void start() throws IOException {
    spark = LocalSpark.start(1);
    TestImages.folder(drawn, List.of("cat", "dog", "newt"), 600, 20);
  }

  @AfterAll
  static void stop() {
    spark.close();
  }

  @BeforeEach
  void link() throws IOException {
    raw = temp.resolve("raw");
    try (Stream<Path> files = Files.walk(drawn)) {
      for (Path file : files.toList()) {
        Path target = raw.resolve(drawn.relativize(file));
        if (Files.isDirectory(file)) {
          Files.createDirectories(target);
        } else {
          Files.createLink(target, file);
        }
      }
    }
    out = temp.resolve("work/out");
    unfinished = temp.resolve("work/.out.unfinished");
  }

  @Test
  void makesNoFinishedShardAgain() throws IOException {
    Map<String, Object> finished = cutOffAtTheThirdShard();
    assertThat(finished).containsOnlyKeys("train-00000.parquet", "train-00001.parquet");
    assertThat(out).doesNotExist();

    DatasetManifest manifest = prepare(SETTINGS);
    assertThat(progress.get(0)).isEqualTo(String.format(Locale.ROOT, "%d/5", finished.size()));
    assertThat(progress).last().isEqualTo("5/5");
    assertThat(shards(out)).hasSize(5).containsAllEntriesOf(finished);
    assertThat(entries(out.getParent())).containsExactly("out");
    assertThat(entries(out)).hasSize(6).contains("manifest.json");

    out = temp.resolve("undisturbed");
    DatasetManifest undisturbed = prepare(SETTINGS);
    assertThat(manifest.train()).isEqualTo(undisturbed.train());
    assertThat(manifest.val()).isEqualTo(undisturbed.val());
    assertThat(manifest.counts()).isEqualTo(undisturbed.counts());
    for (Shard shard : manifest.train()) {
      assertThat(temp.resolve("work/out").resolve(shard.file()))
          .hasSameBinaryContentAs(out.resolve(shard.file()));
    }
  }

  @Test
  void refusesToMixSettings() throws IOException {
    int finished = cutOffAtTheThirdShard().size();
    assertThatThrownBy(() -> prepare(SETTINGS.withBlockRecords(128)))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "Cannot go on with file:%s: it holds %d shards of an unfinished run with other settings (records of a block 64, now 128); use those again, or delete that folder",
            unfinished, finished);
    assertThatThrownBy(() -> prepare(SETTINGS.withResize(Resize.to(64))))
        .hasMessageContaining("(resize none, now to a short side of 64 with quality 95)");
    assertThat(shards(unfinished)).hasSize(finished);
  }

  @Test
  void makesDamagedShardsAgain() throws IOException {
    int finished = cutOffAtTheThirdShard().size();
    Path cut = unfinished.resolve("train-00000.parquet");
    byte[] bytes = Files.readAllBytes(cut);
    Files.write(cut, Arrays.copyOf(bytes, bytes.length - 1));
    Path note = unfinished.resolve("_preparation/train-00001.parquet.json");
    String text = Files.readString(note);
    Files.writeString(note, text.substring(0, text.length() / 2));
    prepare(SETTINGS);
    assertThat(progress.get(0)).isEqualTo(String.format(Locale.ROOT, "%d/5", finished - 2));
    assertThat(out.resolve("train-00000.parquet")).hasBinaryContent(bytes);
  }

  @Test
  void makesShardsAgainWhoseImagesAreOthers() throws IOException {
    int finished = cutOffAtTheThirdShard().size();
    Path image = raw.resolve(plan(0).images().get(5).name());
    Files.delete(image);
    byte[] other = TestImages.png(16, 16, 1);
    Files.write(image, other);
    DatasetManifest manifest = prepare(SETTINGS);
    assertThat(progress.get(0)).isEqualTo(String.format(Locale.ROOT, "%d/5", finished - 1));
    try (ShardReader reader =
        ShardReader.open(
            path(), manifest.train().get(0), new ClassLabelKind(), new Configuration())) {
      assertThat(reader.block(0).get(5).bytes()).isEqualTo(other);
    }
  }

  @Test
  void goesOnWithoutTheBrokenImagesWhenToldTo() throws IOException {
    Path image = raw.resolve(plan(1).images().get(5).name());
    Files.delete(image);
    Files.write(image, new byte[9]);
    assertThatThrownBy(() -> prepare(SETTINGS))
        .isInstanceOf(DataException.class)
        .hasMessageContaining(": 1 broken image: ")
        .hasMessageEndingWith(
            "; the same command goes on with 4 finished shards in file:" + unfinished);
    DatasetManifest manifest = prepare(SETTINGS.skippingBroken());
    assertThat(progress.get(0)).isEqualTo("4/5");
    assertThat(manifest.broken()).hasSize(1);
    assertThat(manifest.records(Split.TRAIN)).isEqualTo(1799);
  }

  /**
   * What is finished then, with the number that the file system gave each file. The shards behind
   * the third fail, too, as Spark may begin one before it hears of the failure.
   */
  private Map<String, Object> cutOffAtTheThirdShard() throws IOException {
    ImageListing listing = list();
    Map<Path, byte[]> taken = new HashMap<>();
    for (ShardPlan plan : plans(listing).subList(2, 5)) {
      Path image = raw.resolve(plan.images().get(plan.images().size() / 2).name());
      taken.put(image, Files.readAllBytes(image));
      Files.delete(image);
    }
    assertThatThrownBy(() -> Preparation.run(spark, listing, path(), SETTINGS))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith("Cannot prepare drawn: ")
        .hasMessageEndingWith("2 finished shards in file:" + unfinished);
    Awaitility.await().until(() -> temporaryFiles() == 0);
    for (Map.Entry<Path, byte[]> image : taken.entrySet()) {
      Files.write(image.getKey(), image.getValue());
    }
    return shards(unfinished);
  }

  private long temporaryFiles() throws IOException {
    return entries(unfinished.resolve("_preparation")).stream()
        .filter(name -> name.startsWith("_"))
        .count();
  }

  private DatasetManifest prepare(PreparationSettings settings) {
    progress.clear();
    return Preparation.run(
        spark, list(), path(), settings, (done, all) -> progress.add(done + "/" + all));
  }

  private ShardPlan plan(int shard) {
    return plans(list()).get(shard);
  }

  private static List<ShardPlan> plans(ImageListing listing) {
    List<ShardPlan> plans = new ArrayList<>(ShardPlan.of(listing, Split.TRAIN, SETTINGS));
    plans.addAll(ShardPlan.of(listing, Split.VAL, SETTINGS));
    return plans;
  }

  private ImageListing list() {
    return ImageFolder.list(new org.apache.hadoop.fs.Path(raw.toString()), new Configuration());
  }

  private org.apache.hadoop.fs.Path path() {
    return new org.apache.hadoop.fs.Path(out.toString());
  }

  private static Map<String, Object> shards(Path folder) throws IOException {
    Map<String, Object> numbers = new HashMap<>();
    for (String name : entries(folder)) {
      if (name.endsWith(".parquet")) {
        numbers.put(name, Files.getAttribute(folder.resolve(name), "unix:ino"));
      }
    }
    return numbers;
  }

  /** Without the checksums that Hadoop puts beside each file. */
  private static List<String> entries(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(path -> path.getFileName().toString())
          .filter(name -> !name.endsWith(".crc"))
          .sorted()
          .toList();
    }
  }
}
