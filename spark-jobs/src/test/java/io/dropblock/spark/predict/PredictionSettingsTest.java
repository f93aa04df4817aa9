package io.dropblock.spark.predict;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PredictionSettingsTest {

  @ParameterizedTest
  @ValueSource(ints = {32, 224, 640, 4096})
  void theLargestBatchFindsRoomInABufferAndNoLargerOne(int size) {
    long image = 12L * size * size;
    assertThat(PredictionSettings.mostBatch(size) * image).isLessThan(1L << 31);
    assertThat((PredictionSettings.mostBatch(size) + 1) * image).isGreaterThanOrEqualTo(1L << 31);
  }
}
