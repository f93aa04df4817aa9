package io.dropblock.spark.data.shard;

import static org.assertj.core.api.Assertions.assertThat;

import io.dropblock.spark.data.DataException;
import io.dropblock.spark.data.annotation.ClassLabel;
import io.dropblock.spark.data.kind.ClassLabelKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every byte of a small shard, flipped one after the other; headers and footer are most of it. */
class FlippedByteTest {
  private static final String FILE = "train-00000.parquet";

  private final Configuration configuration = new Configuration();
  @TempDir Path folder;

  @Test
  void aFlippedByteIsAnErrorOrChangesNoRecord() throws IOException {
    List<ImageRecord> records = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      records.add(new ImageRecord(new byte[] {(byte) i}, new ClassLabel(i), "n" + i));
    }
    Shard shard = TestShards.write(folder, FILE, records, 2);
    byte[] bytes = Files.readAllBytes(folder.resolve(FILE));
    Files.delete(folder.resolve("." + FILE + ".crc"));
    int noticed = 0;
    for (int mask : new int[] {0x01, 0x80, 0xFF}) {
      for (int at = 0; at < bytes.length; at++) {
        byte[] flipped = bytes.clone();
        flipped[at] ^= (byte) mask;
        Files.write(folder.resolve(FILE), flipped);
        try {
          assertThat(texts(read(shard)))
              .as("byte %d of %d", at, bytes.length)
              .isEqualTo(texts(records));
        } catch (DataException e) {
          assertThat(e).hasMessageStartingWith("Cannot read shard ").hasMessageContaining(FILE);
          noticed++;
        }
      }
    }
    assertThat(noticed).isGreaterThan(bytes.length);
  }

  private static List<String> texts(List<ImageRecord> records) {
    return records.stream()
        .map(record -> Arrays.toString(record.bytes()) + TestShards.label(record) + record.name())
        .toList();
  }

  private List<ImageRecord> read(Shard shard) {
    List<ImageRecord> read = new ArrayList<>();
    org.apache.hadoop.fs.Path path = new org.apache.hadoop.fs.Path(folder.toString());
    try (ShardReader reader = ShardReader.open(path, shard, new ClassLabelKind(), configuration)) {
      for (int block = 0; block < shard.blocks().size(); block++) {
        read.addAll(reader.block(block));
      }
    }
    return read;
  }
}
