package io.dropblock.spark.data.shard;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.parquet.column.Encoding;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same shard by two processes whose objects have other identity hashes. */
class TwoJvmsTest {
  /** Identity hashes are 1, 2, 3, ... in the order in which they are asked for. */
  private static final List<String> COUNTED_HASHES =
      List.of("-XX:+UnlockExperimentalVMOptions", "-XX:hashCode=3", "-Xmx128m");

  @TempDir private Path folder;

  /** Writes a shard; the encodings that its columns have come first, in this order. */
  static final class WritingMain {
    private WritingMain() {}

    public static void main(String[] arguments) throws Exception {
      while ((System.identityHashCode(new Object()) & 15) != 15) {
        // The next one begins at the first bucket of a hash set.
      }
      for (int i = 1; i < arguments.length; i++) {
        System.identityHashCode(Encoding.valueOf(arguments[i]));
      }
      Shard shard =
          TestShards.write(
              Path.of(arguments[0]), "train-00000.parquet", TestShards.records("r", 130, 3), 64);
      System.out.println(shard.sha256());
    }
  }

  @Test
  void writeTheSameBytes() throws Exception {
    String first = write("first", "PLAIN", "BIT_PACKED");
    String second = write("second", "BIT_PACKED", "PLAIN");
    assertThat(first).isEqualTo(second).hasSize(64);
    assertThat(folder.resolve("first/train-00000.parquet"))
        .hasSameBinaryContentAs(folder.resolve("second/train-00000.parquet"));
  }

  private String write(String name, String first, String second) throws Exception {
    Files.createDirectory(folder.resolve(name));
    return ChildJvm.run(
        COUNTED_HASHES, WritingMain.class, folder.resolve(name).toString(), first, second);
  }
}
