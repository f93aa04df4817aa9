package io.dropblock.exchange.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafetensorsTest {
  private static final String GOOD =
      "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}";

  @Test
  void whatIsWrittenIsReadAgain() throws IOException {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    tensors.put("count", Tensor.of(7));
    tensors.put("b", Tensor.of(new float[] {1, -2.5f, 3, 4, 5, 6}, 2, 3));
    tensors.put("a", Tensor.of(new float[0], 0, 3));
    Safetensors content = new Safetensors(tensors, Map.of("names", "two\n\"lines\" \u00e4"));
    byte[] bytes = written(content);
    Safetensors found = read(bytes);
    assertThat(found).isEqualTo(content);
    assertThat(found.tensors().keySet()).containsExactly("count", "a", "b");
    assertThat(found.tensors().get("b").floats()).containsExactly(1, -2.5f, 3, 4, 5, 6);
    assertThat(written(found)).isEqualTo(bytes);
    assertThat(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong() % 8).isZero();
  }

  /** As documented there, byte by byte. */
  @Test
  void writesTheFormOfTheLibrary() throws IOException {
    byte[] bytes =
        written(new Safetensors(Map.of("a", Tensor.of(new float[] {1, 2}, 2)), Map.of()));
    assertThat(bytes).isEqualTo(file(GOOD + "  ", floats(1, 2)));
  }

  @Test
  void readsHalvesAndDoubles() throws IOException {
    short[] halves = {0x3c00, (short) 0xc000, 0x0001, 0x7bff, (short) 0x8000};
    ByteBuffer data = ByteBuffer.allocate(10).order(ByteOrder.LITTLE_ENDIAN);
    data.asShortBuffer().put(halves);
    assertThat(new Tensor(TensorType.F16, List.of(5L), data.array()).floats())
        .containsExactly(1, -2, 0x1p-24f, 65504, -0f);
    byte[] upper = {(byte) 0x80, (byte) 0x3f};
    assertThat(new Tensor(TensorType.BF16, List.of(1L), upper).floats()).containsExactly(1);
    byte[] pi = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putDouble(Math.PI).array();
    assertThat(new Tensor(TensorType.F64, List.of(), pi).floats()).containsExactly((float) Math.PI);
  }

  @Test
  void refusesNumbersThatAreNotFinite() {
    for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
      assertThatThrownBy(() -> Tensor.of(new float[] {1, bad}, 2).floats())
          .isInstanceOf(SafetensorsException.class)
          .hasMessage("its number 1 is " + bad + ", which is not finite as a float");
    }
    byte[] half = {0, 0x7c};
    assertThatThrownBy(() -> new Tensor(TensorType.F16, List.of(1L), half).floats())
        .hasMessageContaining("Infinity");
    assertThatThrownBy(() -> Tensor.of(1).floats())
        .hasMessage("it is of type I64, not of F16, BF16, F32 or F64");
  }

  @Test
  void refusesAHeaderThatIsTooLong() {
    assertRefused(new byte[3], "it has 3 bytes, not even the 8 that give its header's length");
    assertRefused(
        sized(100L << 20 | 1, new byte[10]),
        "its header is said to have 104857601 bytes, more than 100 MiB");
    assertRefused(
        sized(-1, new byte[10]),
        "its header is said to have 18446744073709551615 bytes, more than 100 MiB");
    assertRefused(
        sized(11, new byte[10]), "its header is said to have 11 bytes, and the file has 18");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      value = {
        "[]|its header is not a JSON object",
        "{} {}|its header is no JSON: Trailing token",
        "{|its header is no JSON",
        "{\"a\":[]}|tensor a has no ",
        "{\"a\":D,\"a\":D}|its header is no JSON: Duplicate field 'a'",
        "{\"a\":{\"dtype\":\"F32\",\"dtype\":\"F32\"}}|Duplicate field 'dtype'",
        "{\"__metadata__\":{\"x\":1},\"a\":D}|its __metadata__ x is not a text",
        "{\"__metadata__\":[],\"a\":D}|its __metadata__ is not a JSON object",
        "{\"a\":T(F33;2;0,8)}|tensor a is of an unknown dtype, \"F33\"",
        "{\"a\":T(F32;3;0,8)}|tensor a is F32 [3] and has 8 bytes",
        "{\"a\":T(F32;-2;0,8)}|tensor a has a shape with -2, no number from 0 on",
        "{\"a\":T(F32;2.0;0,8)}|tensor a has a shape with 2.0, no number from 0 on",
        "{\"a\":T(F32;4611686018427387904,4;0,8)}|tensor a is F32 [4611686018427387904, 4] and has",
        "{\"a\":T(F32;2;8,0)}|tensor a ends at byte 0, before it begins at 8",
        "{\"a\":T(F32;2;0)}|tensor a has data_offsets that are not two numbers",
        "{\"a\":T(F32;2;0,99999999999999999999)}|no number from 0 on",
        "{\"a\":T(F32;1;4,8)}|tensor a begins at byte 4 of the data, and those before it end at 0",
        "{\"a\":T(F32;2;0,8),\"b\":T(F32;1;4,8)}|tensor b begins at byte 4",
        "{\"a\":T(F32;1;0,4)}|its tensors end at byte 4 of the data, which have 8",
        "{\"a\":T(F32;4;0,16)}|its tensors end at byte 16 of the data, which have 8",
        "{\"a\":T(F32;600000000;0,2400000000)}|tensor a has 2 GiB or more",
        "{}|its tensors end at byte 0 of the data, which have 8"
      })
  void refusesAHeaderThatIsWrong(String header, String reason) {
    String json =
        header
            .replace("D", "T(F32;2;0,8)")
            .replaceAll(
                "T\\(([^;]*);([^;]*);([^)]*)\\)",
                "{\"dtype\":\"$1\",\"shape\":[$2],\"data_offsets\":[$3]}");
    assertThatThrownBy(() -> read(file(json, floats(1, 2))))
        .isInstanceOf(SafetensorsException.class)
        .hasMessageContaining(reason)
        .extracting(Throwable::getMessage)
        .asString()
        .hasLineCount(1);
  }

  @Test
  void refusesHeadersThatAreNoText() {
    assertRefused(sized(2, new byte[] {(byte) 0xff, (byte) 0xfe}), "its header is no UTF-8");
    String deep = "[".repeat(200_000);
    assertThatThrownBy(() -> read(file("{\"a\":" + deep, new byte[0])))
        .isInstanceOf(SafetensorsException.class);
  }

  private static void assertRefused(byte[] file, String reason) {
    assertThatThrownBy(() -> read(file))
        .isInstanceOf(SafetensorsException.class)
        .hasMessage(reason);
  }

  private static Safetensors read(byte[] bytes) throws IOException {
    return Safetensors.read(new ByteArrayInputStream(bytes), bytes.length);
  }

  private static byte[] written(Safetensors content) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    content.write(bytes);
    return bytes.toByteArray();
  }

  private static byte[] floats(float... values) {
    return Tensor.of(values, values.length).data();
  }

  private static byte[] file(String header, byte[] data) {
    byte[] text = header.getBytes(StandardCharsets.UTF_8);
    return sized(
        text.length, ByteBuffer.allocate(text.length + data.length).put(text).put(data).array());
  }

  private static byte[] sized(long header, byte[] rest) {
    return ByteBuffer.allocate(Long.BYTES + rest.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(header)
        .put(rest)
        .array();
  }
}
