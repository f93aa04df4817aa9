package io.dropblock.spark.data.source.tfrecord;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class TfExampleTest {
  private static final byte[] IMAGE = {5, 6, 7, 8};

  @Test
  void findsValuesWhereTheyLie() throws IOException {
    byte[] bytes = TestRecords.imageNet(IMAGE, 1000, "n00000011", "a.JPEG").bytes();
    byte[] shifted = new byte[bytes.length + 20];
    System.arraycopy(bytes, 0, shifted, 7, bytes.length);
    TfExample example = TfExample.of(ByteBuffer.wrap(shifted, 7, bytes.length));
    TfExample.Range range = example.bytes("image/encoded");
    assertThat(Arrays.copyOfRange(bytes, range.offset(), range.offset() + range.length()))
        .isEqualTo(IMAGE);
    assertThat(example.integer("image/class/label")).isEqualTo(1000);
    assertThat(example.text("image/class/synset")).isEqualTo("n00000011");
    assertThat(example.text("image/filename")).isEqualTo("a.JPEG");
  }

  @Test
  void readsIntegersPackedOrNot() throws IOException {
    // Built by hand after the encoding's description: key "a", then int64_list with value 300.
    assertThat(of("0a0d0a0b0a016112061a040a02ac02").integer("a")).isEqualTo(300);
    assertThat(of("0a0c0a0a0a016112051a0308ac02").integer("a")).isEqualTo(300);
  }

  @Test
  void readsAValueThatStandsBeforeItsName() throws IOException {
    assertThat(of("0a0c0a0a12051a0308ac020a0161").integer("a")).isEqualTo(300);
  }

  @Test
  void hasNoValueWhereThereIsNone() throws IOException {
    TfExample example =
        of(TestRecords.example().with("number", 7).with("none", new long[0]).bytes());
    assertThat(example.integer("absent")).isNull();
    assertThat(example.bytes("absent")).isNull();
    assertThat(example.integer("none")).isNull();
    assertThat(example.bytes("number")).isNull();
    assertThat(of(new byte[0]).bytes("a")).isNull();
  }

  @Test
  void refusesMoreThanOneValue() throws IOException {
    TfExample example = of(TestRecords.example().with("n", 1, 2).with("b", IMAGE, IMAGE).bytes());
    assertThatThrownBy(() -> example.integer("n"))
        .isInstanceOf(IOException.class)
        .hasMessage("its feature n has more than one value");
    assertThatThrownBy(() -> example.bytes("b"))
        .isInstanceOf(IOException.class)
        .hasMessage("its feature b has more than one value");
  }

  @Test
  void refusesLengthsBeyondTheMessage() {
    // Features of 127 bytes, of 2^31 - 1, of -1 (ten bytes of varint), of a varint without end.
    for (String hex :
        new String[] {"0a7f", "0affffffff07", "0affffffffffffffffff01", "0affffffffffffffffffff"}) {
      assertThatThrownBy(() -> of(hex)).as(hex).isInstanceOf(IOException.class);
    }
  }

  @Test
  void doesNotFollowGroupsIntoTheDepth() {
    byte[] groups = new byte[1 << 20];
    Arrays.fill(groups, (byte) (5 << 3 | 3));
    assertThatThrownBy(() -> of(groups))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("group");
  }

  @Test
  void survivesAnyDamage() {
    byte[] whole = TestRecords.imageNet(IMAGE, 1000, "n00000011", "a.JPEG").bytes();
    SplittableRandom random = new SplittableRandom(1);
    for (int trial = 0; trial < 50_000; trial++) {
      byte[] damaged = Arrays.copyOf(whole, random.nextInt(whole.length + 1));
      for (int i = 0; i < 3 && damaged.length > 0; i++) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
      }
      try {
        TfExample example = of(damaged);
        TfExample.Range range = example.bytes("image/encoded");
        if (range != null) {
          assertThat(range.offset()).isBetween(0, damaged.length);
          assertThat(range.length()).isBetween(0, damaged.length - range.offset());
        }
        example.integer("image/class/label");
        example.text("image/class/synset");
      } catch (IOException e) {
        assertThat(e).hasMessageNotContaining("\0");
      }
    }
  }

  private static TfExample of(String hex) throws IOException {
    return of(HexFormat.of().parseHex(hex));
  }

  private static TfExample of(byte[] bytes) throws IOException {
    return TfExample.of(ByteBuffer.wrap(bytes));
  }
}
