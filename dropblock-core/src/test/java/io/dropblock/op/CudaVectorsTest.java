package io.dropblock.op;

import static org.assertj.core.api.Assertions.assertThat;

import io.dropblock.cuda.FakeDriver;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The masks and products of {@code src/test/cuda/vectors.txt}, with which check.sh compares those
 * of a GPU where there is no Java, are those of {@link CpuKernel}.
 */
class CudaVectorsTest {
  private static final Path COMMITTED = Path.of("src", "test", "cuda", "vectors.txt");
  private static final Path SCRIPT = Path.of("src", "test", "cuda", "check.sh");
  private static final Path PROGRAM = Path.of("target", "cuda-check", "check");
  private static final Path PTX =
      Path.of("src", "main", "resources", "io", "dropblock", "op", "dropblock.ptx");
  private static final Path MADE = Path.of("target", "vectors.txt");
  private static final DataType[] TYPES = {DataType.FLOAT, DataType.FLOAT16, DataType.BFLOAT16};

  private final CpuKernel kernel = new CpuKernel(1);

  /** Shapes: samples, channels, height, width, block height, block width. */
  private static final int[][] SHAPES = {
    {4, 64, 14, 14, 7, 7},
    {4, 64, 7, 7, 7, 7},
    {3, 16, 28, 28, 8, 8},
    {2, 33, 10, 16, 2, 5},
    {5, 8, 9, 5, 7, 7},
    {3, 7, 16, 6, 4, 4},
    {2, 9, 80, 61, 7, 7},
    {1, 300, 6, 9, 1, 1},
    {2, 12, 100, 120, 7, 3},
    {7, 5, 1, 1, 1, 1},
    {3, 1, 3, 200, 4, 2},
    {70_000, 1, 3, 3, 2, 2},
    {1, 70_000, 3, 2, 5, 5}
  };

  private static final double[] KEEPS = {.9, .5, .975, 0, 1};

  private List<RandomCase> cases() {
    List<RandomCase> cases = new ArrayList<>();
    for (int i = 0; i < 3 * SHAPES.length; i++) {
      int[] shape = SHAPES[i % SHAPES.length];
      cases.add(
          new RandomCase(
              new MaskKey(i - 7, MaskKey.layer("layer" + i), 0xFFFFFFFFL - i, 1000L * i),
              BlockGeometry.clipped(shape[2], shape[3], shape[4], shape[5]),
              new MaskSettings(
                  KEEPS[i % KEEPS.length],
                  i % 4 == 3,
                  i % 3 == 2,
                  Normalization.values()[i / SHAPES.length]),
              shape[0],
              shape[1]));
    }
    return cases;
  }

  @Test
  void areThoseOfTheCpuKernel() throws IOException {
    StringBuilder text =
        new StringBuilder(
            """
            # Made by CudaVectorsTest of CpuKernel. key, gamma, step, first sample; samples, channels, height, width,
            # block height, block width, shared channels, scaling (0 batch, 1 sample, 2 none); kept; FNV-1a of the gap table
            # (4 bytes each, from gap 1 on), of the words of the mask, of y for float, half and bfloat16, channels first,
            # where element i of x is ((i * 40503 mod 256) - 128) / 16
            """);
    for (RandomCase one : cases()) {
      text.append(line(one)).append('\n');
    }
    Files.writeString(MADE, text);
    assertThat(MADE)
        .as("if this change is meant: copy %s to %s", MADE, COMMITTED)
        .hasSameTextualContentAs(COMMITTED);
  }

  /** The program of check.sh agrees with them, too, where the GPU is the fake one. */
  @Test
  void areThoseThatTheCheckOnAGpuFinds(@TempDir Path folder)
      throws IOException, InterruptedException {
    Path library = FakeDriver.library();
    assertThat(run(folder, library, SCRIPT, "build")).isEmpty();
    assertThat(run(folder, library, PROGRAM, PTX.toString(), COMMITTED.toString(), "20000"))
        .containsExactly(
            "Fake GPU A, compute capability 8.6, driver for CUDA 13.0", "21 vectors, 0 failures");
  }

  private static List<String> run(Path folder, Path driver, Path program, String... arguments)
      throws IOException, InterruptedException {
    Path report = folder.resolve("report");
    List<String> command = new ArrayList<>(List.of(program.toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("CUDA_DRIVER", driver.toString());
    Process process = builder.redirectErrorStream(true).redirectOutput(report.toFile()).start();
    assertThat(process.waitFor()).as(Files.readString(report)).isZero();
    return Files.readAllLines(report);
  }

  private String line(RandomCase one) {
    DropMask mask = one.sample(kernel);
    BlockGeometry geometry = one.geometry();
    double gamma = one.settings().gamma(geometry);
    StringJoiner line = new StringJoiner(" ");
    line.add(String.format(Locale.ROOT, "%016x", one.key().philoxKey()))
        .add(Double.toHexString(gamma));
    line.add("" + one.key().step()).add("" + one.key().firstSample());
    for (int number :
        new int[] {
          one.samples(),
          one.channels(),
          geometry.height(),
          geometry.width(),
          geometry.blockHeight(),
          geometry.blockWidth(),
          one.settings().sharedChannels() ? 1 : 0,
          one.settings().normalization().ordinal()
        }) {
      line.add("" + number);
    }
    line.add("" + mask.kept()).add(gaps(gamma, geometry.starts()));
    ByteBuffer words = buffer(mask.words().length * Long.BYTES);
    words.asLongBuffer().put(mask.words());
    line.add(hash(words));
    for (DataType type : TYPES) {
      line.add(product(one, mask, type));
    }
    return line.toString();
  }

  private static String gaps(double gamma, int starts) {
    if (1 - gamma == 1) {
      return "-";
    }
    long[] table = new GapTable(gamma, starts).table();
    ByteBuffer gaps = buffer((table.length - 1) * Integer.BYTES);
    for (int gap = 1; gap < table.length; gap++) {
      gaps.putInt((int) table[gap]);
    }
    return hash(gaps);
  }

  private String product(RandomCase one, DropMask mask, DataType type) {
    float[] numbers = new float[Math.toIntExact(mask.size())];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = ((i * 40503 & 255) - 128) / 16f;
    }
    INDArray array = Nd4j.createFromArray(numbers).reshape(one.shape()).castTo(type);
    kernel.apply(mask, array, array);
    ByteBuffer bytes = buffer(numbers.length * type.width());
    float[] products = array.castTo(DataType.FLOAT).data().asFloat();
    for (float product : products) {
      switch (type) {
        case FLOAT -> bytes.putInt(Float.floatToRawIntBits(product));
        case BFLOAT16 -> bytes.putShort((short) (Float.floatToRawIntBits(product) >>> 16));
        default -> bytes.putShort(half(product));
      }
    }
    return hash(bytes);
  }

  /** The bits of a number that a half type holds exactly. */
  private static short half(float number) {
    int bits = Float.floatToRawIntBits(number);
    int sign = bits >>> 16 & 0x8000;
    int exponent = (bits >>> 23 & 0xFF) - 127 + 15;
    assertThat(number == 0 || exponent > 0 && exponent < 31).as("%s", number).isTrue();
    return (short) (number == 0 ? sign : sign | exponent << 10 | (bits & 0x7FFFFF) >>> 13);
  }

  private static ByteBuffer buffer(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static String hash(ByteBuffer bytes) {
    long hash = 0xCBF29CE484222325L;
    for (byte one : bytes.array()) {
      hash = (hash ^ (one & 0xFF)) * 0x100000001B3L;
    }
    return String.format(Locale.ROOT, "%016x", hash);
  }
}
