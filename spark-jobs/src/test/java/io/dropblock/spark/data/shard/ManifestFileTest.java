package io.dropblock.spark.data.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropblock.spark.data.DataException;
import io.dropblock.spark.data.Split;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ManifestFileTest {
  @TempDir Path folder;
  private DatasetManifest manifest;
  private String text;

  @BeforeEach
  void write() throws IOException {
    Shard train =
        TestShards.write(folder, "train-00000.parquet", TestShards.records("t", 100, 2), 64);
    Shard val = TestShards.write(folder, "val-00000.parquet", TestShards.records("v", 10, 2), 64);
    DatasetManifest plain = TestShards.manifest(List.of(train), List.of(val), 2);
    manifest =
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
            new ClassCounts(List.of(50L, 50L), List.of(5L, 5L)),
            null);
    TestShards.write(folder, manifest);
    text = Files.readString(folder.resolve("manifest.json"));
    Files.delete(folder.resolve(".manifest.json.crc"));
  }

  @Test
  void readsWhatWasWritten() {
    DatasetManifest read = read();
    assertThat(read).isEqualTo(manifest);
    assertThat(read.identity()).isEqualTo(manifest.identity()).hasSize(64);
    assertThat(read.records(Split.TRAIN)).isEqualTo(100);
    assertThat(read.blockSizes(Split.TRAIN)).containsExactly(64, 36);
  }

  /** Manifests are compared byte by byte. */
  @Test
  void keysHaveAnOrder() {
    assertThat(text.lines().filter(line -> line.startsWith("  \"")))
        .extracting(line -> line.replaceAll("^  \"(\\w+)\".*", "$1"))
        .containsExactly(
            "formatVersion",
            "task",
            "settings",
            "source",
            "classes",
            "broken",
            "train",
            "val",
            "counts");
    assertThat(text).startsWith("{\n  \"formatVersion\" : 1,\n  \"task\" : \"classification\",\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"formatVersion\" : 1 | \"formatVersion\" : 2 | format version is 2, but this program reads 1",
        "\"formatVersion\" : 1 | \"formatVersion\" : 1, \"x\" : 1 | Unrecognized field \"x\"",
        "\"formatVersion\" : 1, | `` | Cannot map `null` into type `int`",
        "\"task\" : \"classification\" | \"task\" : \"captioning\" | task is 'captioning', not one of classification, detection, segmentation",
        "[ \"class0\", \"class1\" ] | [ \"a\", \"a\" ] | classes are not 2 or more different names: [a, a]",
        "\"classes\" : [ \"class0\", \"class1\" ], | `` | classes is missing",
        "train-00000.parquet | ../train-00000.parquet | Invalid shard file: ../train-00000.parquet",
        "train-00000.parquet | val-00000.parquet | shard val-00000.parquet is listed twice or in the wrong split",
        "[ 64, 36 ] | [ 64, 0 ] | Invalid shard train-00000.parquet: blocks [64, 0]",
        "[ 64, 36 ] | [ 64, 65 ] | block 1 of shard train-00000.parquet has 65 records, not up to 64",
        "\"blockBytes\" : 33554432 | \"blockBytes\" : 1 | Invalid block size: 1 bytes are not in 1048576 to 1073741824",
        "\"blockRecords\" : 64 | \"blockRecords\" : 1000000 | Invalid block size: 1000000 records are not in 64 to 256",
        "\"blockRecords\" : 64 | \"blockRecords\" : 64.5 | Cannot coerce Floating-point value (64.5) to `int`",
        "\"train\" : [ 50, 50 ] | \"train\" : [ 50, 51 ] | counts of train are 101 images of 2 classes, but the shards have 100 of 2",
        "\"train\" : [ 50, 50 ] | \"train\" : [ 50, 50, 0 ] | counts of train and of val are not lists of one length",
        "\"train\" : [ 50, 50 ] | \"train\" : [ 101, -1 ] | counts are negative",
        "\"sha256\" : \" | \"sha256\" : \"x | Invalid shard train-00000.parquet: sha256 x",
      })
  void refusesWhatIsWrong(String original, String replacement, String reason) throws IOException {
    assertThat(text).contains(original);
    put(text.replace(original, replacement));
    assertThatThrownBy(this::read)
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith("Cannot read " + folder + "/manifest.json: ")
        .hasMessageContaining(reason)
        .hasMessageNotContaining("\n");
  }

  @Test
  void keepsOneClassOfObjectsAndNumberZero() throws IOException {
    String one = text.replace("[ \"class0\", \"class1\" ]", "[ \"class0\" ]");
    put(one);
    assertThatThrownBy(this::read).hasMessageContaining("classes are not 2 or more");
    put(
        one.replace("\"classification\"", "\"detection\"")
            .replaceFirst("\"counts\" : \\{[^}]*}", "\"categoryIds\" : [ 0 ]"));
    assertThat(read().classes()).containsExactly("class0");
    assertThat(read().categoryIds()).containsExactly(0);
  }

  @Test
  void readsManifestsOfBeforeImagesWereCounted() throws IOException {
    put(text.replaceFirst(",\\s*\"counts\" : \\{[^}]*}", ""));
    assertThat(read().counts()).isNull();
    assertThat(read().identity()).isEqualTo(manifest.identity());
  }

  @Test
  void readsManifestsOfBeforeThereWereOtherKinds() throws IOException {
    put(text.replaceFirst("\\s*\"task\" : \"classification\",", ""));
    assertThat(read()).isEqualTo(manifest);
  }

  @Test
  void readsManifestsOfBeforeBlocksEndedByTheirBytes() throws IOException {
    String old = text.replaceFirst("\\s*\"blockBytes\" : \\d+,", "");
    put(old);
    assertThat(read().settings().blockBytes()).isNull();
    assertThat(read().identity()).isEqualTo(manifest.identity());
    put(old.replace("[ 64, 36 ]", "[ 36, 64 ]"));
    assertThatThrownBy(this::read)
        .hasMessageContaining("block 0 of shard train-00000.parquet has 36 records, not 64");
  }

  @Test
  void refusesMissingAndMalformedManifests() throws IOException {
    for (int length = 0; length < text.length() - 2; length += 11) {
      put(text.substring(0, length));
      assertThatThrownBy(this::read)
          .isInstanceOf(DataException.class)
          .hasMessageStartingWith("Cannot read ");
    }
    put("null");
    assertThatThrownBy(this::read)
        .isInstanceOf(DataException.class)
        .hasMessageEndingWith("it is empty");
    Files.delete(folder.resolve("manifest.json"));
    assertThatThrownBy(this::read)
        .isInstanceOf(DataException.class)
        .hasMessage(
            "Cannot read data set " + folder + ": it has no manifest.json, prepare it first");
  }

  @Test
  void refusesMissingAndChangedShards() throws IOException {
    Path shard = folder.resolve("val-00000.parquet");
    byte[] bytes = Files.readAllBytes(shard);
    Files.write(shard, new byte[3]);
    assertThatThrownBy(this::read)
        .isInstanceOf(DataException.class)
        .hasMessage(
            String.format(
                Locale.ROOT,
                "Cannot read data set %s: shard val-00000.parquet has 3 bytes, but the manifest says %d",
                folder,
                bytes.length));
    Files.delete(shard);
    assertThatThrownBy(this::read)
        .isInstanceOf(DataException.class)
        .hasMessage("Cannot read data set " + folder + ": shard val-00000.parquet is missing");
  }

  private void put(String content) throws IOException {
    Files.writeString(folder.resolve("manifest.json"), content);
  }

  private DatasetManifest read() {
    return ManifestFile.read(new org.apache.hadoop.fs.Path(folder.toString()), new Configuration());
  }
}
