package io.dropblock.spark.data.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropblock.spark.data.DataException;
import io.dropblock.spark.data.annotation.ClassLabel;
import io.dropblock.spark.data.kind.ClassLabelKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShardTest {
  private static final String FILE = "train-00000.parquet";

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({"64,1", "64,64", "64,65", "64,640", "100,1001", "128,1000", "256,1000"})
  void everyRowGroupIsOneBlock(int blockRecords, int count) throws IOException {
    Shard shard = TestShards.write(folder, FILE, TestShards.records("r", count, 10), blockRecords);
    List<Long> expected = new ArrayList<>();
    for (int left = count; left > 0; left -= blockRecords) {
      expected.add((long) Math.min(left, blockRecords));
    }
    assertThat(shard.blocks().stream().map(Integer::longValue)).containsExactlyElementsOf(expected);
    try (ParquetFileReader reader =
        ParquetFileReader.open(HadoopInputFile.fromPath(path(), new Configuration()))) {
      assertThat(reader.getRowGroups()).extracting(BlockMetaData::getRowCount).isEqualTo(expected);
      reader
          .getRowGroups()
          .forEach(
              block ->
                  block
                      .getColumns()
                      .forEach(
                          c ->
                              assertThat(c.getCodec())
                                  .isEqualTo(CompressionCodecName.UNCOMPRESSED)));
    }
  }

  @Test
  void blocksStayExactWhateverTheImagesWeigh() throws IOException {
    List<ImageRecord> records = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      // From nothing to 3 MB, larger than any of Parquet's own limits for a page.
      records.add(
          new ImageRecord(new byte[i % 50 == 7 ? 3_000_000 : i % 3], new ClassLabel(0), "n"));
    }
    Shard shard = TestShards.write(folder, FILE, records, 64);
    try (ShardReader reader = open(shard)) {
      for (int block = 0; block < 5; block++) {
        assertThat(reader.block(block)).hasSize(block < 4 ? 64 : 300 - 256);
      }
    }
  }

  @Test
  void aBlockEndsByItsBytesToo() throws IOException {
    int image = 300_000;
    List<ImageRecord> records = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      // 3 fit into 1 MiB; one is larger than that.
      records.add(
          new ImageRecord(
              new byte[i == 50 ? 3_000_000 : i < 90 ? image : 1], new ClassLabel(0), "n" + i));
    }
    PreparationSettings settings =
        PreparationSettings.of("large", 1).withBlockRecords(64).withBlockBytes(1 << 20);
    Shard shard = TestShards.write(folder, FILE, records, 64, 1 << 20);
    List<Integer> expected = new ArrayList<>(Collections.nCopies(16, 3));
    expected.addAll(List.of(2, 1));
    expected.addAll(Collections.nCopies(12, 3));
    expected.add(3 + 10);
    assertThat(shard.blocks()).isEqualTo(expected);
    assertThat(readAll(shard)).extracting(ImageRecord::name).hasSize(100).startsWith("n0", "n1");
    DatasetManifest manifest =
        new DatasetManifest(
            1,
            new ClassLabelKind(),
            settings,
            "",
            null,
            List.of("a", "b"),
            List.of(),
            List.of(shard),
            List.of(),
            null,
            null);
    TestShards.write(folder, manifest);
    assertThat(ManifestFile.read(path().getParent(), new Configuration())).isEqualTo(manifest);
  }

  @Test
  void givesBackEveryByteLabelAndName() throws IOException {
    List<ImageRecord> records = TestShards.records("\u732b", 200, 7);
    Shard shard = TestShards.write(folder, FILE, records, 64);
    List<ImageRecord> read = new ArrayList<>();
    try (ShardReader reader = open(shard)) {
      // Blocks come in any order.
      for (int block : new int[] {3, 0, 2, 1}) {
        read.addAll(reader.block(block));
      }
    }
    List<ImageRecord> expected = new ArrayList<>(records.subList(192, 200));
    expected.addAll(records.subList(0, 64));
    expected.addAll(records.subList(128, 192));
    expected.addAll(records.subList(64, 128));
    assertThat(read)
        .map(record -> new ImageRecord(record.bytes(), record.annotation(), record.name()))
        .usingRecursiveFieldByFieldElementComparator()
        .isEqualTo(expected);
  }

  @Test
  void describesTheFile() throws Exception {
    Shard shard = TestShards.write(folder, FILE, TestShards.records("r", 100, 3), 64);
    byte[] bytes = Files.readAllBytes(folder.resolve(FILE));
    assertThat(shard.bytes()).isEqualTo(bytes.length);
    byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes);
    assertThat(shard.sha256()).isEqualTo(HexFormat.of().formatHex(hash));
    assertThat(shard.records()).isEqualTo(100);
  }

  @Test
  void noticesEveryFlippedBitInTheData() throws IOException {
    List<ImageRecord> records = TestShards.records("r", 130, 3);
    Shard shard = TestShards.write(folder, FILE, records, 64);
    byte[] bytes = Files.readAllBytes(folder.resolve(FILE));
    // Hadoop's own checksum beside the file would notice first.
    Files.delete(folder.resolve("." + FILE + ".crc"));
    int image = 0;
    for (int at = 100; at < bytes.length; at += 997) {
      byte[] flipped = bytes.clone();
      flipped[at] ^= 1;
      Files.write(folder.resolve(FILE), flipped);
      try {
        List<ImageRecord> read = readAll(shard);
        // What is left unnoticed lies in headers and statistics that no value is read from.
        assertThat(read).usingRecursiveFieldByFieldElementComparator().isEqualTo(records);
      } catch (DataException e) {
        assertThat(e)
            .hasMessageStartingWith("Cannot read shard file:" + folder.resolve(FILE) + ": ");
        image += e.getMessage().contains("CRC") ? 1 : 0;
      }
    }
    assertThat(image).isGreaterThan(bytes.length / 997 / 2);
  }

  @Test
  void noticesCutAndForeignFiles() throws IOException {
    Shard shard = TestShards.write(folder, FILE, TestShards.records("r", 130, 3), 64);
    byte[] bytes = Files.readAllBytes(folder.resolve(FILE));
    Files.delete(folder.resolve("." + FILE + ".crc"));
    Files.write(folder.resolve(FILE), Arrays.copyOf(bytes, bytes.length - 5));
    refuses(
        shard,
        String.format(
            Locale.ROOT,
            "it has %d bytes, but the manifest says %d",
            bytes.length - 5,
            bytes.length));
    Files.write(folder.resolve(FILE), new byte[bytes.length]);
    assertThatThrownBy(() -> open(shard))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("is not a Parquet file");
    Files.delete(folder.resolve(FILE));
    assertThatThrownBy(() -> open(shard))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("does not exist");
    Files.write(folder.resolve(FILE), bytes);
    refuses(
        new Shard(FILE, shard.bytes(), shard.sha256(), List.of(64, 64, 3)),
        "its blocks have [64, 64, 2] records, but the manifest says [64, 64, 3]");
  }

  @Test
  void writesTheSameBytesAgain() throws IOException {
    List<ImageRecord> records = TestShards.records("r", 130, 3);
    Shard first = TestShards.write(folder, FILE, records, 64);
    Shard second = TestShards.write(folder, "train-00001.parquet", records, 64);
    assertThat(second.sha256()).isEqualTo(first.sha256());
  }

  private void refuses(Shard shard, String reason) {
    assertThatThrownBy(() -> open(shard))
        .isInstanceOf(DataException.class)
        .hasMessage("Cannot read shard " + path() + ": " + reason);
  }

  private List<ImageRecord> readAll(Shard shard) {
    List<ImageRecord> read = new ArrayList<>();
    try (ShardReader reader = open(shard)) {
      for (int block = 0; block < shard.blocks().size(); block++) {
        read.addAll(reader.block(block));
      }
    }
    return read;
  }

  private ShardReader open(Shard shard) {
    return ShardReader.open(path().getParent(), shard, new ClassLabelKind(), new Configuration());
  }

  private org.apache.hadoop.fs.Path path() {
    return new org.apache.hadoop.fs.Path("file:" + folder.resolve(FILE));
  }
}
