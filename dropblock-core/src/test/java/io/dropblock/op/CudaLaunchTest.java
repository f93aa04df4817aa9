package io.dropblock.op;

import static org.assertj.core.api.Assertions.assertThat;

import io.dropblock.cuda.FakeDriver;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;

/** What the driver is told: which kernel, how many threads, on which stream, with which bytes. */
class CudaLaunchTest {
  private static final MaskKey KEY = new MaskKey(1, MaskKey.layer("conv4_1"), 3_000_000_000L, 77);

  /** The launches of a mask drawn and used once. */
  private static List<String> launches(
      BlockGeometry geometry,
      MaskSettings settings,
      int samples,
      int channels,
      DataType type,
      boolean channelsLast) {
    try (CudaKernel kernel = CudaKernel.open(FakeDriver.open(), 0);
        DeviceMask mask = kernel.mask(geometry, settings.sharedChannels(), samples, channels);
        DeviceMask memory = kernel.mask(new BlockGeometry(999, 999, 1, 1), false, 1, 1000)) {
      kernel.sample(mask, KEY, settings, 12);
      kernel.multiply(mask, type, channelsLast, memory.words(), memory.words(), 13);
    }
    return FakeDriver.journal().stream().filter(line -> line.startsWith("cuLaunchKernel")).toList();
  }

  private static String withoutArguments(String launch) {
    return launch.replaceFirst(" arguments .*", "");
  }

  private static ByteBuffer arguments(String launch) {
    byte[] bytes = HexFormat.of().parseHex(launch.replaceFirst(".* arguments ", ""));
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  @Test
  void drawsInTilesThatFitIntoSharedMemory() {
    // 4 x 1024 maps of 4 words: 256 maps a block, their words, 64 gaps, first words, 16 bytes
    assertThat(sampleLaunch(14, 14, 7, 4, 1024))
        .isEqualTo("cuLaunchKernel dropblock_sample grid 16 block 256 shared 9488 stream 12");
    // one gap only: a block is the map
    assertThat(sampleLaunch(7, 7, 7, 4, 1024))
        .isEqualTo("cuLaunchKernel dropblock_sample grid 16 block 256 shared 3092 stream 12");
    // 5 channels take the places of 8
    assertThat(sampleLaunch(7, 7, 7, 33, 5))
        .isEqualTo("cuLaunchKernel dropblock_sample grid 2 block 256 shared 3092 stream 12");
    // 49 words a map: 64 maps
    assertThat(sampleLaunch(56, 56, 7, 1, 256))
        .isEqualTo("cuLaunchKernel dropblock_sample grid 4 block 64 shared 29456 stream 12");
    // 157 words a map are too many for a tile
    assertThat(sampleLaunch(100, 100, 7, 1, 64))
        .isEqualTo("cuLaunchKernel dropblock_sample grid 2 block 32 shared 4240 stream 12");
  }

  private static String sampleLaunch(int height, int width, int block, int samples, int channels) {
    BlockGeometry geometry = BlockGeometry.clipped(height, width, block, block);
    return withoutArguments(
        launches(geometry, MaskSettings.of(.9), samples, channels, DataType.FLOAT, false).get(0));
  }

  @Test
  void multipliesByTilesOfSixteenBytesFourTimesAThread() {
    // 4 x 100 x 49 elements: 4096 a block, or 8192 of half types
    assertThat(productLaunch(DataType.FLOAT, false, Normalization.BATCH))
        .isEqualTo("cuLaunchKernel dropblock_float_first grid 5 block 256 shared 512 stream 13");
    assertThat(productLaunch(DataType.BFLOAT16, false, Normalization.NONE))
        .isEqualTo(
            "cuLaunchKernel dropblock_bfloat16_first grid 3 block 256 shared 1024 stream 13");
    // each sample by itself
    assertThat(productLaunch(DataType.DOUBLE, false, Normalization.SAMPLE))
        .isEqualTo("cuLaunchKernel dropblock_double_first grid 12 block 256 shared 256 stream 13");
    // 4 samples of 2 runs of 32 pixels; 100 channels are 25 times 4, but no multiple of 8
    assertThat(productLaunch(DataType.FLOAT, true, Normalization.BATCH))
        .isEqualTo("cuLaunchKernel dropblock_float_last grid 1 block 256 shared 0 stream 13");
    assertThat(productLaunch(DataType.FLOAT16, true, Normalization.BATCH))
        .isEqualTo("cuLaunchKernel dropblock_half_last grid 4 block 256 shared 0 stream 13");
  }

  private static String productLaunch(DataType type, boolean last, Normalization scaled) {
    MaskSettings settings = new MaskSettings(.9, false, false, scaled);
    return withoutArguments(
        launches(new BlockGeometry(7, 7, 3, 3), settings, 4, 100, type, last).get(1));
  }

  @Test
  void passesTheStructuresOfTheSources() {
    MaskSettings settings = new MaskSettings(.9, false, true, Normalization.SAMPLE);
    List<String> launches =
        launches(new BlockGeometry(10, 16, 2, 5), settings, 3, 100, DataType.FLOAT, false);
    ByteBuffer sampling = arguments(launches.get(0));
    assertThat(sampling.remaining()).isEqualTo(112);
    long words = sampling.getLong();
    long scales = words - (4 * 108 + 8 * 3 + 16 + 8 * 3);
    // 108 gaps are a multiple of 16 bytes
    assertThat(sampling.getLong()).as("dropped").isEqualTo(scales + 8 * 3 + 16);
    assertThat(sampling.getLong()).as("tally").isEqualTo(scales + 8 * 3);
    assertThat(sampling.getLong()).as("scales").isEqualTo(scales);
    assertThat(sampling.getLong()).as("gaps").isEqualTo(words - 4 * 108);
    // docs/reference/dropblock-op.md, "Keys"
    assertThat(sampling.getLong()).as("key").isEqualTo(0x78d1924bc87fcc68L);
    assertThat(sampling.getLong()).as("elements of a sample").isEqualTo(16_000);
    assertThat(numbers(sampling))
        .containsExactly((int) 3_000_000_000L, 77, 3, 1, 100, 1, 16, 2, 5, 12, 108, 108, 3, 1);
    ByteBuffer product = arguments(launches.get(1));
    assertThat(product.remaining()).isEqualTo(72);
    assertThat(product.getLong()).as("output").isEqualTo(product.getLong());
    assertThat(product.getLong()).as("words").isEqualTo(words);
    assertThat(product.getLong()).as("scales").isEqualTo(scales);
    assertThat(product.getLong()).as("elements of a piece").isEqualTo(16_000);
    assertThat(numbers(product)).containsExactly(1, 100, 160, 3, 1, 4, 1, 3);
  }

  private static int[] numbers(ByteBuffer rest) {
    int[] numbers = new int[rest.remaining() / 4];
    rest.asIntBuffer().get(numbers);
    return numbers;
  }

  @Test
  void neitherReservesNorWaitsBetweenAMaskAndItsProduct() {
    launches(new BlockGeometry(7, 7, 3, 3), MaskSettings.of(.9), 4, 100, DataType.FLOAT, false);
    List<String> calls = FakeDriver.journal().stream().map(line -> line.split(" ")[0]).toList();
    int copy = calls.indexOf("cuMemcpyHtoDAsync_v2");
    assertThat(calls.subList(copy, copy + 6))
        .containsExactly(
            "cuMemcpyHtoDAsync_v2",
            "cuLaunchKernel",
            "cuCtxPopCurrent_v2",
            "cuCtxPushCurrent_v2",
            "cuLaunchKernel",
            "cuCtxPopCurrent_v2");
  }
}
