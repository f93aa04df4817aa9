package io.dropblock.exchange.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whatever a file is, it is read as what it says or refused in one line, and takes little memory.
 * Random, and the same each time.
 */
class HostileSafetensorsTest {
  private static final int FILES = 3000;

  /** What a small file may take: the reader's own tables. */
  private static final long SOME_MEMORY = 4 << 20;

  /** Bytes of a good file changed, added, taken away and cut off. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void damagedFiles(long seed) throws IOException {
    Random random = new Random(seed);
    byte[] good = good();
    int read = 0;
    for (int i = 0; i < FILES; i++) {
      read += isRead(damaged(good, random)) ? 1 : 0;
    }
    // a changed number is a number, and most others are not read
    assertThat(read).isBetween(FILES / 50, FILES / 2);
  }

  private static byte[] damaged(byte[] good, Random random) {
    byte[] bytes = good.clone();
    for (int change = random.nextInt(3); change >= 0; change--) {
      int at = random.nextInt(Math.max(1, bytes.length));
      switch (random.nextInt(5)) {
        case 0 -> bytes[at] = (byte) random.nextInt(256);
        case 1 -> bytes[random.nextInt(8)] ^= (byte) (1 << random.nextInt(8));
        case 2 -> bytes = Arrays.copyOf(bytes, Math.max(8, at));
        case 3 -> bytes = Arrays.copyOf(bytes, bytes.length + random.nextInt(9));
        default -> bytes[at] = (byte) "\"{}[],:0919eE-\\uFI".charAt(random.nextInt(18));
      }
    }
    return bytes;
  }

  private static byte[] good() throws IOException {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    tensors.put("bn1.num_batches_tracked", Tensor.of(7));
    tensors.put("conv1.weight", Tensor.of(new float[] {1, -2.5f, 3, 4, 5, 6}, 2, 3));
    tensors.put("empty", Tensor.of(new float[0], 0, 3));
    tensors.put("half", new Tensor(TensorType.F16, List.of(1L), new byte[2]));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    new Safetensors(tensors, Map.of("format", "pt")).write(bytes);
    return bytes.toByteArray();
  }

  /** Headers of random types, shapes and ranges, good and bad, against the format's own rules. */
  @ParameterizedTest
  @ValueSource(longs = {4, 5, 6})
  void headersOfAllKinds(long seed) throws IOException {
    Random random = new Random(seed);
    int valid = 0;
    for (int i = 0; i < FILES; i++) {
      Drawn drawn = Drawn.of(random);
      assertThat(isRead(drawn.file())).as(drawn.header()).isEqualTo(drawn.isValid());
      valid += drawn.isValid() ? 1 : 0;
    }
    assertThat(valid).isBetween(FILES / 5, FILES * 4 / 5);
  }

  /**
   * A tensor of a header.
   *
   * @param shape sides
   */
  private record Entry(String name, String type, List<Long> shape, long begin, long end) {

    String json() {
      return String.format(
          Locale.ROOT,
          "\"%s\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":[%d,%d]}",
          name, type, shape, begin, end);
    }

    /** By the format's description. */
    boolean isValid() {
      int bits = WIDTHS.getOrDefault(type, 0);
      if (bits == 0 || shape.stream().anyMatch(side -> side < 0) || begin < 0) {
        return false;
      }
      BigInteger bytes = BigInteger.valueOf(bits);
      for (long side : shape) {
        bytes = bytes.multiply(BigInteger.valueOf(side));
        if (bytes.bitLength() > 63) {
          return false;
        }
      }
      return bytes.equals(BigInteger.valueOf(end - begin));
    }
  }

  private static final Map<String, Integer> WIDTHS =
      Map.of("F16", 2, "BF16", 2, "F32", 4, "F64", 8, "I64", 8, "U8", 1, "BOOL", 1, "F8_E5M2", 1);

  /**
   * A file.
   *
   * @param data how many bytes follow
   */
  private record Drawn(List<Entry> entries, int data) {

    static Drawn of(Random random) {
      List<String> types = new ArrayList<>(new TreeSet<>(WIDTHS.keySet()));
      List<Entry> entries = new ArrayList<>();
      long end = 0;
      for (int i = random.nextInt(4); i >= 0; i--) {
        String type = types.get(random.nextInt(types.size()));
        List<Long> shape = new ArrayList<>();
        long bytes = WIDTHS.get(type);
        for (int side = random.nextInt(4); side > 0; side--) {
          shape.add((long) random.nextInt(4));
          bytes *= shape.get(shape.size() - 1);
        }
        entries.add(new Entry("t" + i, type, shape, end, end + bytes));
        end += bytes;
      }
      if (random.nextBoolean()) {
        spoil(entries, random);
      }
      Collections.shuffle(entries, random);
      return new Drawn(entries, (int) end + (random.nextInt(12) == 0 ? 1 : 0));
    }

    private static void spoil(List<Entry> entries, Random random) {
      int at = random.nextInt(entries.size());
      Entry one = entries.get(at);
      List<Long> large = List.of(1L << 62, 4L, 0L, -1L, Long.MAX_VALUE);
      entries.set(
          at,
          switch (random.nextInt(6)) {
            case 0 -> new Entry("t0", one.type, one.shape, one.begin, one.end);
            case 1 -> new Entry(one.name, "F33", one.shape, one.begin, one.end);
            case 2 ->
                new Entry(
                    one.name,
                    one.type,
                    List.of(large.get(random.nextInt(5)), large.get(random.nextInt(5))),
                    one.begin,
                    one.end);
            case 3 -> new Entry(one.name, one.type, one.shape, one.begin + 1, one.end + 1);
            case 4 -> new Entry(one.name, one.type, one.shape, one.end, one.begin);
            default -> new Entry(one.name, one.type, one.shape, one.begin, one.end - 1);
          });
    }

    String header() {
      return entries.stream().map(Entry::json).collect(Collectors.joining(",", "{", "}"));
    }

    byte[] file() {
      return HostileSafetensorsTest.file(header(), data);
    }

    /** All are, their names differ, and in some order they tile the data. */
    boolean isValid() {
      List<Entry> sorted = new ArrayList<>(entries);
      sorted.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
      Set<String> names = new HashSet<>();
      long end = 0;
      for (Entry one : sorted) {
        if (!one.isValid() || !names.add(one.name) || one.begin != end) {
          return false;
        }
        end = one.end;
      }
      return end == data;
    }
  }

  /** Nothing but the file's length bounds what a parser would take. */
  @Test
  void headersThatAreDearToParse() {
    assertRefused("{\"a\":{\"dtype\":" + "[".repeat(3000) + "]".repeat(3000) + "}}", " levels");
    assertRefused("[".repeat(5_000_000), " levels");
    assertRefused("{\"a\":{\"shape\":[" + "9".repeat(5_000_000) + "]}}", " digits");
    assertRefused("{\"a\":{\"shape\":[" + "0,".repeat(2_000_000) + "0]}}", " numbers");
    assertRefused("{\"a\":{\"dtype\":\"" + "x".repeat(5_000_000), "its header is no JSON");
  }

  /** Names that have one hash in Jackson's own table, which gives up with an error of its own. */
  @Test
  void namesOfOneHash() throws IOException {
    List<String> names = List.of("");
    for (int i = 0; i < 10; i++) {
      names = names.stream().flatMap(n -> List.of(n + "Ab", n + "BA").stream()).toList();
    }
    String header =
        names.stream()
            .map(name -> new Entry(name, "U8", List.of(0L), 0, 0).json())
            .collect(Collectors.joining(",", "{", "}"));
    assertThat(read(file(header, 0)).tensors()).hasSize(1024);
  }

  @Test
  void textsThatATerminalObeys() {
    for (String bad : List.of("\\u009b2J", "\\u001b[2J", "\\u202e", "\\u2028", "\\ud800", "\\n")) {
      assertThatThrownBy(() -> read(file("{\"" + bad + "\":[]}", 0)))
          .isInstanceOf(SafetensorsException.class)
          .hasMessageMatching("[\\x20-\\x7e]*");
    }
  }

  private static void assertRefused(String header, String reason) {
    byte[] file = file(header, 0);
    long before = allocated();
    assertThatThrownBy(() -> read(file))
        .isInstanceOf(SafetensorsException.class)
        .hasMessageContaining(reason)
        .hasMessageMatching(".{1,300}");
    // the text in bytes, in chars, and as a string
    assertThat(allocated() - before).isLessThan(SOME_MEMORY + 12L * file.length);
  }

  /** Whether it is read; else it is refused as it should be. */
  private static boolean isRead(byte[] file) throws IOException {
    long before = allocated();
    try {
      Safetensors found = read(file);
      long data = found.tensors().values().stream().mapToLong(tensor -> tensor.data().length).sum();
      assertThat(data).isLessThanOrEqualTo(file.length);
      return true;
    } catch (SafetensorsException e) {
      assertThat(e.getMessage()).matches("[^\\p{Cc}]{1,300}");
      return false;
    } finally {
      assertThat(allocated() - before).isLessThan(SOME_MEMORY + 20L * file.length);
    }
  }

  private static long allocated() {
    return ((ThreadMXBean) ManagementFactory.getThreadMXBean())
        .getThreadAllocatedBytes(Thread.currentThread().getId());
  }

  private static Safetensors read(byte[] bytes) throws IOException {
    return Safetensors.read(new ByteArrayInputStream(bytes), bytes.length);
  }

  private static byte[] file(String header, int data) {
    byte[] text = header.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(Long.BYTES + text.length + data)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(text.length)
        .put(text)
        .array();
  }
}
