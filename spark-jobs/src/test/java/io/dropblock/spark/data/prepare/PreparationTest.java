package io.dropblock.spark.data.prepare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropblock.spark.data.DataException;
import io.dropblock.spark.data.LocalSpark;
import io.dropblock.spark.data.Split;
import io.dropblock.spark.data.TestImages;
import io.dropblock.spark.data.kind.ClassLabelKind;
import io.dropblock.spark.data.shard.ClassCounts;
import io.dropblock.spark.data.shard.DatasetManifest;
import io.dropblock.spark.data.shard.ImageRecord;
import io.dropblock.spark.data.shard.ManifestFile;
import io.dropblock.spark.data.shard.PreparationSettings;
import io.dropblock.spark.data.shard.ShardReader;
import io.dropblock.spark.data.shard.TestShards;
import io.dropblock.spark.data.source.ImageListing;
import io.dropblock.spark.data.source.folder.ImageFolder;
import io.dropblock.spark.files.FolderLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PreparationTest {
  private static final PreparationSettings SETTINGS =
      PreparationSettings.of("drawn", 7).withBlockRecords(64);

  private static JavaSparkContext spark;

  @TempDir Path temp;
  private Path raw;
  private Path work;

  @BeforeAll
  static void start() {
    spark = LocalSpark.start(2);
  }

  @AfterAll
  static void stop() {
    spark.close();
  }

  @BeforeEach
  void draw() throws IOException {
    raw = TestImages.folder(temp.resolve("raw"), List.of("cat", "dog", "newt"), 300, 20);
    work = Files.createDirectory(temp.resolve("work"));
  }

  @Test
  void storesEveryImageOnce() throws IOException {
    DatasetManifest manifest = prepare("out", SETTINGS);
    assertThat(manifest).isEqualTo(ManifestFile.read(path("out"), new Configuration()));
    assertThat(manifest.classes()).containsExactly("cat", "dog", "newt");
    assertThat(manifest.blockSizes(Split.TRAIN)).hasSize(15);
    assertThat(manifest.train()).hasSize(2);
    assertThat(manifest.broken()).isEmpty();
    assertThat(manifest.counts())
        .isEqualTo(new ClassCounts(List.of(300L, 300L, 300L), List.of(20L, 20L, 20L)));
    Map<String, ImageRecord> stored = new HashMap<>();
    for (Split split : Split.values()) {
      for (ImageRecord record : records(manifest, split, "out")) {
        assertThat(stored.put(record.name(), record)).isNull();
        assertThat(record.name())
            .startsWith(
                split.word() + "/" + manifest.classes().get(TestShards.label(record)) + "/");
        assertThat(record.bytes()).isEqualTo(Files.readAllBytes(raw.resolve(record.name())));
      }
    }
    assertThat(stored).hasSize(960);
    assertThat(entries(work)).containsExactly("out");
    assertThat(entries(work.resolve("out")))
        .filteredOn(name -> !name.startsWith("."))
        .containsExactly(
            "manifest.json", "train-00000.parquet", "train-00001.parquet", "val-00000.parquet");
  }

  @Test
  void mixesTheClassesInEveryBlockOfTrain() {
    DatasetManifest manifest = prepare("out", SETTINGS);
    try (ShardReader reader =
        ShardReader.open(
            path("out"), manifest.train().get(0), new ClassLabelKind(), new Configuration())) {
      for (int block = 0; block < 8; block++) {
        int[] counts = new int[3];
        reader.block(block).forEach(record -> counts[TestShards.label(record)]++);
        // 64 of 900 without replacement: mean 21.3, deviation 3.6.
        for (int count : counts) {
          assertThat(count).isBetween(4, 39);
        }
      }
    }
    assertThat(records(manifest, Split.VAL, "out")).extracting(ImageRecord::name).isSorted();
  }

  @Test
  void givesTheSameBytesForTheSameSeed() {
    DatasetManifest first = prepare("a", SETTINGS);
    DatasetManifest second = prepare("b", SETTINGS);
    assertThat(second.train()).isEqualTo(first.train());
    assertThat(second.val()).isEqualTo(first.val());
    assertThat(second.identity()).isEqualTo(first.identity());
    DatasetManifest other = prepare("c", PreparationSettings.of("drawn", 8).withBlockRecords(64));
    assertThat(other.identity()).isNotEqualTo(first.identity());
  }

  @Test
  void namesBrokenImagesAndLeavesNothing() throws IOException {
    breakSeven();
    assertThatThrownBy(() -> prepare("out", SETTINGS))
        .isInstanceOf(DataException.class)
        .hasMessageMatching(
            "Cannot prepare .*raw: 7 broken images: train/cat/0000.jpg \\(the file is empty\\), "
                + "train/cat/0001.jpg \\(it is neither JPEG nor PNG\\), "
                + "train/dog/0000.jpg \\((Truncated File.*|.*remature.*)\\), train/dog/0001.jpg .*, "
                + "train/dog/0002.jpg .*\\), \\.\\.\\.");
    assertThat(entries(work)).isEmpty();
  }

  @Test
  void leavesBrokenImagesOutWhenToldTo() throws IOException {
    breakSeven();
    DatasetManifest manifest = prepare("out", SETTINGS.skippingBroken());
    assertThat(manifest.records(Split.TRAIN)).isEqualTo(894);
    assertThat(manifest.records(Split.VAL)).isEqualTo(59);
    assertThat(manifest.broken()).hasSize(7);
    assertThat(manifest.counts())
        .isEqualTo(new ClassCounts(List.of(298L, 297L, 299L), List.of(20L, 20L, 19L)));
    assertThat(manifest.broken().get(6).name()).isEqualTo("val/newt/0003.jpg");
    assertThat(records(manifest, Split.TRAIN, "out"))
        .extracting(ImageRecord::name)
        .doesNotContain("train/cat/0000.jpg")
        .doesNotHaveDuplicates();
    assertThat(prepare("again", SETTINGS.skippingBroken()).identity())
        .isEqualTo(manifest.identity());
  }

  @Test
  void refusesOutputsBeforeAnyWork() throws IOException {
    ImageListing unreadable = new ImageListing("none", List.of("a", "b"), List.of(), List.of(), 0);
    Files.createDirectory(work.resolve("there"));
    assertThatThrownBy(() -> Preparation.run(spark, unreadable, path("there"), SETTINGS))
        .isInstanceOf(DataException.class)
        .hasMessage("Cannot write data set to " + path("there") + ": it exists already");
    Files.write(work.resolve("file"), new byte[1]);
    assertThatThrownBy(() -> Preparation.run(spark, unreadable, path("file/out"), SETTINGS))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith("Cannot write data set to " + path("file/out") + ": ");
    assertThat(entries(work)).containsExactly("file", "there");
  }

  @Test
  void namesAnImageThatVanishedAndLeavesFinishedShardsAtMost() throws IOException {
    ImageListing listing = list();
    Files.delete(raw.resolve("train/dog/0100.jpg"));
    assertThatThrownBy(() -> Preparation.run(spark, listing, path("new/folders/out"), SETTINGS))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith("Cannot prepare drawn: ")
        .hasMessageContaining("train/dog/0100.jpg");
    if (!entries(work).isEmpty()) {
      assertThat(entries(work.resolve("new/folders"))).containsExactly(".out.unfinished");
    }
  }

  @Test
  void oneProcessAtATimePrepares() throws IOException {
    org.apache.hadoop.fs.Path lock = path(".out.lock");
    try (FolderLock other =
        FolderLock.take(lock.getFileSystem(new Configuration()), lock, "prepare")) {
      assertThatThrownBy(() -> prepare("out", SETTINGS))
          .isInstanceOf(DataException.class)
          .hasMessageMatching(
              "Cannot write data set to .*/out: another prepare is writing it \\(process \\d+ on .*; lock file:.*/\\.out\\.lock\\); wait for it, or end it first");
      other.check();
    }
    prepare("out", SETTINGS);
    assertThat(entries(work)).containsExactly("out");
  }

  @Test
  void secondAttemptsDoNoHarm() throws IOException {
    ImageListing listing = list();
    Path staging = temp.resolve("staging");
    Files.createDirectories(staging.resolve(FinishedShards.NOTES));
    ShardPlan plan = ShardPlan.of(listing, Split.TRAIN, SETTINGS).get(0);
    ShardTask task = new ShardTask(staging.toString(), SETTINGS, new ClassLabelKind(), 3);
    ShardResult first = task.run(plan, new Configuration(), "1");
    ShardResult second = task.run(plan, new Configuration(), "2");
    assertThat(second).isEqualTo(first);
    assertThat(entries(staging))
        .filteredOn(name -> !name.startsWith("."))
        .containsExactly(FinishedShards.NOTES, plan.file());
    // An attempt that comes when all is over must not bring the folder back.
    try (Stream<Path> files = Files.walk(staging)) {
      files.sorted(java.util.Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
    }
    assertThatThrownBy(() -> task.run(plan, new Configuration(), "3"))
        .hasMessageContaining("staging");
    assertThat(staging).doesNotExist();
  }

  @Test
  void planDependsOnTheInputAlone() {
    ImageListing listing = list();
    List<ShardPlan> plans = ShardPlan.of(listing, Split.TRAIN, SETTINGS);
    assertThat(plans).extracting(plan -> plan.images().size()).containsExactly(512, 388);
    assertThat(plans.stream().flatMap(plan -> plan.images().stream()))
        .containsExactlyInAnyOrderElementsOf(listing.train());
  }

  private void breakSeven() throws IOException {
    Files.write(raw.resolve("train/cat/0000.jpg"), new byte[0]);
    Files.write(raw.resolve("train/cat/0001.jpg"), new byte[100]);
    for (String name :
        List.of(
            "train/dog/0000",
            "train/dog/0001",
            "train/dog/0002",
            "train/newt/0007",
            "val/newt/0003")) {
      Path file = raw.resolve(name + ".jpg");
      byte[] bytes = Files.readAllBytes(file);
      Files.write(file, Arrays.copyOf(bytes, bytes.length - 20));
    }
  }

  private ImageListing list() {
    return ImageFolder.list(new org.apache.hadoop.fs.Path(raw.toString()), new Configuration());
  }

  private DatasetManifest prepare(String name, PreparationSettings settings) {
    return Preparation.run(spark, list(), path(name), settings);
  }

  private List<ImageRecord> records(DatasetManifest manifest, Split split, String name) {
    return manifest.shards(split).stream()
        .flatMap(
            shard -> {
              try (ShardReader reader =
                  ShardReader.open(path(name), shard, new ClassLabelKind(), new Configuration())) {
                return Stream.iterate(0, i -> i < shard.blocks().size(), i -> i + 1)
                    .flatMap(block -> reader.block(block).stream())
                    .toList()
                    .stream();
              }
            })
        .toList();
  }

  private org.apache.hadoop.fs.Path path(String name) {
    return new org.apache.hadoop.fs.Path(work + "/" + name);
  }

  private static List<String> entries(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }
}
