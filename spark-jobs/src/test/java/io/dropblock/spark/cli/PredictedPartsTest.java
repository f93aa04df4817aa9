package io.dropblock.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PredictedPartsTest {

  /** Eight parts a rank, of whole batches, and of no more than 4096 images and a batch. */
  @ParameterizedTest
  @CsvSource({
    "1000, 2, 1, 63",
    "1000, 2, 4, 64",
    "1000, 2, 63, 63",
    "1000, 2, 64, 63",
    "3, 2, 8, 1",
    "0, 1, 8, 1",
    "1000000, 2, 8, 4096",
    "1000000, 2, 100, 4100"
  })
  void arePartsOfWholeBatches(long images, int world, int batch, int most) {
    assertThat(PredictCommand.most(images, world, batch)).isEqualTo(most);
  }
}
