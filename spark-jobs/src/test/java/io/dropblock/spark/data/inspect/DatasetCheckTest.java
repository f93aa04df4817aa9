package io.dropblock.spark.data.inspect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropblock.spark.data.DataException;
import io.dropblock.spark.data.LocalSpark;
import io.dropblock.spark.data.annotation.ClassLabel;
import io.dropblock.spark.data.prepare.JobProgress;
import io.dropblock.spark.data.shard.ClassCounts;
import io.dropblock.spark.data.shard.DatasetManifest;
import io.dropblock.spark.data.shard.ImageRecord;
import io.dropblock.spark.data.shard.Shard;
import io.dropblock.spark.data.shard.TestShards;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatasetCheckTest {
  private static final String FIRST = "train-00000.parquet";
  private static final String SECOND = "train-00001.parquet";
  private static final String VAL = "val-00000.parquet";

  private static JavaSparkContext spark;

  @TempDir Path folder;
  private List<ImageRecord> records;

  @BeforeAll
  static void start() {
    spark = LocalSpark.start(2);
  }

  @AfterAll
  static void stop() {
    spark.close();
  }

  @BeforeEach
  void draw() {
    records = TestShards.records("train", 200, 5);
  }

  @Test
  void findsNothingWhereAllIsWell() throws IOException {
    store(counts(40));
    List<String> progress = new ArrayList<>();
    CheckReport report =
        DatasetCheck.run(spark, path(), (done, all) -> progress.add(done + "/" + all));
    assertThat(report).isEqualTo(new CheckReport(3, 210, List.of()));
    assertThat(progress).startsWith("0/3").endsWith("3/3");
  }

  @Test
  void namesTheRecordsOfAFlippedByte() throws IOException {
    store(null);
    byte[] bytes = Files.readAllBytes(folder.resolve(FIRST));
    int at = indexOf(bytes, records.get(70).bytes()) + 300;
    bytes[at] ^= 1;
    replace(FIRST, bytes);
    CheckReport report = check();
    assertThat(report.damages().get(0).toString())
        .startsWith(FIRST + ", records 64 to 127: ")
        .contains("CRC");
    assertThat(report.records()).isEqualTo(210 - 64);
  }

  @Test
  void namesTheRecordWhereItsImageShowsIt() throws IOException {
    store(null);
    byte[] bytes = Files.readAllBytes(folder.resolve(FIRST));
    int at = indexOf(bytes, records.get(70).bytes());
    bytes[at] ^= 1;
    replace(FIRST, bytes);
    assertThat(check().damages())
        .extracting(Damage::toString)
        .containsExactly(
            FIRST + ", records 64 to 127: the images do not have their CRC-32",
            FIRST + ", record 70 (train/70.jpg): it is neither JPEG nor PNG");
    bytes[at] ^= 1;
    int name = indexOf(bytes, "train/71.jpg".getBytes(StandardCharsets.UTF_8));
    bytes[name] ^= 1;
    replace(FIRST, bytes);
    assertThat(check().damages())
        .extracting(Damage::toString)
        .containsExactly(
            FIRST
                + ", records 64 to 127: column name has a page with a wrong CRC-32; which of them is damaged cannot be told");
  }

  @Test
  void namesCutMissingAndUnknownShards() throws IOException {
    store(null);
    byte[] bytes = Files.readAllBytes(folder.resolve(FIRST));
    replace(FIRST, Arrays.copyOf(bytes, bytes.length / 2));
    Files.delete(folder.resolve(VAL));
    Files.copy(folder.resolve(SECOND), folder.resolve("train-00002.parquet"));
    assertThat(check().damages())
        .extracting(Damage::toString)
        .containsExactly(
            "train-00002.parquet: the manifest does not know it",
            FIRST
                + String.format(
                    Locale.ROOT,
                    ": it has %d bytes, but the manifest says %d",
                    bytes.length / 2,
                    bytes.length),
            VAL + ": it is missing");
  }

  @Test
  void namesAShardOfOtherRecords() throws IOException {
    store(null);
    Path other = Files.createDirectory(folder.resolve("other"));
    List<ImageRecord> swapped = new ArrayList<>(records.subList(0, 150));
    swapped.set(
        0, new ImageRecord(records.get(0).bytes(), new ClassLabel(4), records.get(0).name()));
    TestShards.write(other, FIRST, swapped, 64);
    replace(FIRST, Files.readAllBytes(other.resolve(FIRST)));
    assertThat(check().damages()).hasSize(1);
    assertThat(check().damages().get(0).toString())
        .matches(FIRST + ": its SHA-256 is \\w{64}, but the manifest says \\w{64}; .*can be read");
  }

  @Test
  void namesImagesThatDoNotDecodeAndLabelsOutOfRange() throws IOException {
    ImageRecord whole = records.get(170);
    records.set(
        170, new ImageRecord(Arrays.copyOf(whole.bytes(), 200), whole.annotation(), whole.name()));
    records.set(
        171, new ImageRecord(records.get(171).bytes(), new ClassLabel(5), records.get(171).name()));
    store(null);
    List<Damage> damages = check().damages();
    assertThat(damages).hasSize(2);
    assertThat(damages.get(0).toString()).startsWith(SECOND + ", record 20 (train/170.jpg): ");
    assertThat(damages.get(1))
        .hasToString(SECOND + ", record 21 (train/171.jpg): label 5 of 5 classes");
  }

  @Test
  void tellsOnlySomeOfManyDamages() throws IOException {
    records.replaceAll(record -> new ImageRecord(new byte[0], new ClassLabel(0), record.name()));
    store(null);
    assertThat(check().damages()).hasSize(ShardCheck.MOST_DAMAGES + 1 + 50);
    assertThat(check().damages().get(ShardCheck.MOST_DAMAGES))
        .hasToString(FIRST + ": damage in 50 more places");
  }

  @Test
  void namesWrongCounts() throws IOException {
    store(new ClassCounts(List.of(41L, 39L, 40L, 40L, 40L), List.of(2L, 2L, 2L, 2L, 2L)));
    assertThat(check().damages())
        .extracting(Damage::toString)
        .containsExactly(
            "manifest.json: it counts 41 of class class0 in train, but there are 40",
            "manifest.json: it counts 39 of class class1 in train, but there are 40");
  }

  @Test
  void refusesAFolderWithoutAManifest() {
    assertThatThrownBy(this::check)
        .isInstanceOf(DataException.class)
        .hasMessage(
            "Cannot read data set " + folder + ": it has no manifest.json, prepare it first");
  }

  private static ClassCounts counts(long each) {
    return new ClassCounts(List.of(each, each, each, each, each), List.of(2L, 2L, 2L, 2L, 2L));
  }

  /** 150 and 50 images to train on, 10 to validate on, without Hadoop's own checksums. */
  private void store(ClassCounts counts) throws IOException {
    Shard first = TestShards.write(folder, FIRST, records.subList(0, 150), 64);
    Shard second = TestShards.write(folder, SECOND, records.subList(150, 200), 64);
    Shard val = TestShards.write(folder, VAL, TestShards.records("val", 10, 5), 64);
    DatasetManifest plain = TestShards.manifest(List.of(first, second), List.of(val), 5);
    TestShards.write(
        folder,
        new DatasetManifest(
            plain.formatVersion(),
            plain.kind(),
            plain.settings(),
            plain.source(),
            plain.created(),
            plain.classes(),
            plain.broken(),
            plain.train(),
            plain.val(),
            counts,
            null));
    for (String file : List.of(FIRST, SECOND, VAL)) {
      Files.delete(folder.resolve("." + file + ".crc"));
    }
  }

  private void replace(String file, byte[] bytes) throws IOException {
    Files.write(folder.resolve(file), bytes);
  }

  private CheckReport check() {
    return DatasetCheck.run(spark, path(), JobProgress.NONE);
  }

  private org.apache.hadoop.fs.Path path() {
    return new org.apache.hadoop.fs.Path(folder.toString());
  }

  private static int indexOf(byte[] bytes, byte[] part) {
    for (int at = 0; at <= bytes.length - part.length; at++) {
      if (Arrays.equals(bytes, at, at + part.length, part, 0, part.length)) {
        return at;
      }
    }
    throw new AssertionError("not found");
  }
}
