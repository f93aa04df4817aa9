package io.dropblock.op;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;
import org.junit.jupiter.api.Test;

/** Computes every row of the tables of test vectors in docs/reference/dropblock-op.md again. */
class DocumentedVectorsTest {
  private static final Path PAGE = Path.of("..", "docs", "reference", "dropblock-op.md");

  @Test
  void keysAreAsDocumented() throws IOException {
    for (String[] row : rows("Keys")) {
      MaskKey key = new MaskKey(Long.decode(row[0]), MaskKey.layer(row[1]), 0, 0);
      requireRow(row, row[0], row[1], hex(key.layer()), hex(key.philoxKey()));
    }
  }

  @Test
  void wordsAreAsDocumented() throws IOException {
    for (String[] row : rows("Words")) {
      int[] counter =
          Arrays.stream(row[1].split(" ")).mapToInt(w -> (int) Long.parseLong(w)).toArray();
      Philox.encrypt(counter, new BigInteger(row[0], 16).longValue());
      StringJoiner words = new StringJoiner(" ");
      for (int word : counter) {
        words.add(String.format(Locale.ROOT, "%08x", word));
      }
      requireRow(row, row[0], row[1], words.toString());
    }
  }

  @Test
  void gapsAreAsDocumented() throws IOException {
    for (String[] row : rows("Gaps")) {
      StartGaps gaps = new StartGaps(Double.parseDouble(row[0]), Integer.parseInt(row[1]));
      int gap = gaps.gap((int) Long.parseLong(row[2], 16));
      requireRow(row, row[0], row[1], row[2], Integer.toString(gap));
    }
  }

  @Test
  void masksAreAsDocumented() throws IOException {
    for (String[] row : rows("Masks")) {
      int[] sizes = numbers(row[2]);
      int[] block = numbers(row[3]);
      MaskSettings settings =
          new MaskSettings(
              Double.parseDouble(row[4]),
              row[5].contains("exact"),
              row[5].contains("shared"),
              Normalization.BATCH);
      int[] key = numbers(row[1]);
      DropMask mask =
          new ReferenceKernel()
              .sample(
                  new MaskKey(key[0], MaskKey.layer(row[0]), key[1], key[2]),
                  BlockGeometry.clipped(sizes[2], sizes[3], block[0], block[1]),
                  settings,
                  sizes[0],
                  sizes[1]);
      requireRow(
          row, row[0], row[1], row[2], row[3], row[4], row[5], "" + mask.kept(), hex(hash(mask)));
    }
  }

  /** Of the layout that the page describes, built pixel by pixel. */
  private static long hash(DropMask mask) {
    BlockGeometry map = mask.geometry();
    int channels = mask.settings().sharedChannels() ? 1 : mask.channels();
    int words = (map.pixels() + 63) / 64;
    ByteBuffer bytes =
        ByteBuffer.allocate(mask.samples() * channels * words * 8).order(ByteOrder.LITTLE_ENDIAN);
    for (int n = 0; n < mask.samples(); n++) {
      for (int c = 0; c < channels; c++) {
        for (int first = 0; first < map.pixels(); first += 64) {
          long word = 0;
          for (int pixel = first; pixel < Math.min(first + 64, map.pixels()); pixel++) {
            if (!mask.keeps(n, c, pixel / map.width(), pixel % map.width())) {
              word |= 1L << (pixel - first);
            }
          }
          bytes.putLong(word);
        }
      }
    }
    return MaskScheme.fnv1a(bytes.array()).longValue();
  }

  private static int[] numbers(String cell) {
    return Arrays.stream(cell.split(" x |, ")).mapToInt(Integer::parseInt).toArray();
  }

  private static String hex(long value) {
    return String.format(Locale.ROOT, "%016x", value);
  }

  private static void requireRow(String[] row, String... expected) {
    assertThat("| " + String.join(" | ", row) + " |")
        .isEqualTo("| " + String.join(" | ", expected) + " |");
  }

  /** The body of the table under a heading. */
  private static List<String[]> rows(String heading) throws IOException {
    List<String> lines = Files.readAllLines(PAGE);
    int start = lines.indexOf("### " + heading);
    assertThat(start).as("heading %s of %s", heading, PAGE).isNotNegative();
    List<String[]> rows =
        lines.subList(start + 1, lines.size()).stream()
            .takeWhile(line -> !line.startsWith("#"))
            .filter(line -> line.startsWith("|"))
            .skip(2)
            .map(line -> line.substring(2, line.length() - 2).split(" \\| "))
            .toList();
    assertThat(rows).as("rows of %s", heading).isNotEmpty();
    return rows;
  }
}
