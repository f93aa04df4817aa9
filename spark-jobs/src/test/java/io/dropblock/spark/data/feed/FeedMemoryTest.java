package io.dropblock.spark.data.feed;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import org.bytedeco.javacpp.FloatPointer;
import org.junit.jupiter.api.Test;

class FeedMemoryTest {
  private final FeedMemory memory = new FeedMemory();

  @Test
  void isAlignedAndOutsideTheHeap() {
    for (int length = 1; length < 40; length++) {
      FloatBuffer pixels = memory.take(length);
      assertThat(pixels.capacity()).isEqualTo(length);
      assertThat(pixels.isDirect()).isTrue();
      assertThat(pixels.order()).isEqualTo(ByteOrder.nativeOrder());
      assertThat(new FloatPointer(pixels).address() % 64).isZero();
    }
  }

  @Test
  void givesWhatCameBackAndNeverTheSameTwice() {
    FloatBuffer one = memory.take(10);
    FloatBuffer two = memory.take(10);
    assertThat(two).isNotSameAs(one);
    memory.giveBack(one);
    memory.giveBack(two);
    assertThat(memory.take(11)).isNotSameAs(one).isNotSameAs(two);
    assertThat(memory.take(10)).isSameAs(two);
    assertThat(memory.take(10)).isSameAs(one);
    assertThat(memory.take(10)).isNotSameAs(one).isNotSameAs(two);
  }

  @Test
  void keepsTheLengthsThatWereUsedLast() {
    FloatBuffer first = memory.take(1);
    FloatBuffer second = memory.take(2);
    memory.giveBack(first);
    memory.giveBack(second);
    for (int length = 3; length <= 12; length++) {
      memory.giveBack(memory.take(length));
    }
    memory.giveBack(memory.take(1));
    memory.giveBack(memory.take(13));
    assertThat(memory.take(1)).isSameAs(first);
    assertThat(memory.take(2)).isNotSameAs(second);
  }
}
