package io.dropblock.spark.bench.averaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropblock.spark.ring.WireFormat;
import org.junit.jupiter.api.Test;

class RoundsTest {
  @Test
  void twoProcessesTimeEveryRoundThatCounts() {
    AveragingCase small = new AveragingCase(1001, WireFormat.BFLOAT16, 1, 3);

    assertThat(RingRounds.milliseconds(small)).hasSize(3).doesNotContain(0);
    assertThat(LoopbackTransfer.milliseconds(small)).hasSize(3).doesNotContain(0);
  }

  @Test
  void theBareTransferMovesTheBytesOfTheRing() {
    assertThat(new AveragingCase(10, WireFormat.EXACT, 0, 1).bytesEachWay()).isEqualTo(40);
    assertThat(new AveragingCase(10, WireFormat.BFLOAT16, 0, 1).bytesEachWay()).isEqualTo(20);
  }

  @Test
  void nothingIsMeasuredWithoutRounds() {
    assertThatThrownBy(() -> new AveragingCase(10, WireFormat.EXACT, 0, 0))
        .hasMessage("Cannot measure 0 rounds, 0 before them, of 10 elements");
  }
}
