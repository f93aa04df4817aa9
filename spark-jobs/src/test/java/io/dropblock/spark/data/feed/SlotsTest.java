package io.dropblock.spark.data.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropblock.spark.data.KeyedRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which images a slot of a step holds, whoever trains it. */
class SlotsTest {
  private static final List<Integer> BLOCKS =
      List.of(64, 64, 64, 64, 64, 5, 64, 64, 64, 64, 64, 64, 64, 64, 33, 64, 64, 2);
  private static final int SEED = 5;
  private static final int EPOCH = 3;

  /**
   * A place in an epoch.
   *
   * @param step of the epoch
   * @param slot of the step
   */
  private record Place(int step, int slot) {}

  /** Blocks in the epoch's order, and the records of each in theirs. */
  private static List<RecordId> sequence() {
    List<RecordId> sequence = new ArrayList<>();
    for (int block : KeyedRandom.of(SEED, EPOCH).permutation(BLOCKS.size())) {
      for (int row : KeyedRandom.of(SEED, EPOCH, block).permutation(BLOCKS.get(block))) {
        sequence.add(new RecordId(block, row));
      }
    }
    return sequence;
  }

  /** What older versions gave their ranks: each one part of the sequence, step after step. */
  private static Map<Place, List<RecordId>> ofOldRanks(
      int world, int accumulation, int localBatch) {
    List<RecordId> sequence = sequence();
    int ofRank = sequence.size() / (world * accumulation * localBatch) * accumulation * localBatch;
    Map<Place, List<RecordId>> images = new HashMap<>();
    for (int rank = 0; rank < world; rank++) {
      int next = rank * ofRank;
      for (int step = 0; step < ofRank / (accumulation * localBatch); step++) {
        for (int batch = 0; batch < accumulation; batch++) {
          images.put(
              new Place(step, rank * accumulation + batch),
              sequence.subList(next, next + localBatch));
          next += localBatch;
        }
      }
    }
    return images;
  }

  private static Map<Place, List<RecordId>> of(Slots slots, int world) {
    Map<Place, List<RecordId>> images = new HashMap<>();
    for (int rank = 0; rank < world; rank++) {
      EpochOrder order = EpochOrder.shuffled(BLOCKS, SEED, EPOCH, slots, slots.share(rank, world));
      for (int index = 0; index < order.batches(); index++) {
        Place place = new Place(order.step(index), order.slot(index));
        assertThat(images.put(place, order.batch(index))).as("%s trained twice", place).isNull();
        assertThat(order.firstSample(index)).isEqualTo((long) place.slot() * slots.localBatch());
      }
    }
    return images;
  }

  /** A slot has a part of the sequence, as a rank of an older version had. */
  @ParameterizedTest
  @CsvSource({"4, 16", "4, 7", "6, 25", "1, 100", "125, 8"})
  void anyNumberOfRanksTrainsTheSameImages(int count, int localBatch) {
    Map<Place, List<RecordId>> expected = ofOldRanks(count, 1, localBatch);
    assertThat(expected).isNotEmpty();
    for (int world = 1; world <= Math.min(count, 8); world++) {
      assertThat(of(Slots.of(count, localBatch), world)).isEqualTo(expected);
    }
    assertThat(of(Slots.of(count, localBatch), count)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"1, 1, 32", "2, 1, 32", "3, 4, 7", "2, 3, 16", "8, 2, 5"})
  void olderRecipesKeepTheirImages(int world, int accumulation, int localBatch) {
    Slots slots = Slots.ofRanks(world, accumulation, localBatch);
    Map<Place, List<RecordId>> expected = ofOldRanks(world, accumulation, localBatch);
    assertThat(of(slots, world)).isEqualTo(expected);
    // so could others, though no recipe asks for it
    assertThat(of(slots, 1)).isEqualTo(expected);
    for (int rank = 0; rank < world; rank++) {
      assertThat(slots.share(rank, world))
          .isEqualTo(new Slots.Share(rank * accumulation, (rank + 1) * accumulation));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4, 7, 128})
  void sharesAreTheWholeAndDifferByOneSlot(int count) {
    Slots slots = Slots.of(count, 8);
    assertThat(slots.globalBatch()).isEqualTo(8 * count);
    for (int world = 1; world <= count; world++) {
      int next = 0;
      for (int rank = 0; rank < world; rank++) {
        Slots.Share share = slots.share(rank, world);
        assertThat(share.from()).isEqualTo(next);
        assertThat(share.size()).isBetween(count / world, (count + world - 1) / world);
        next = share.until();
      }
      assertThat(next).isEqualTo(count);
    }
  }

  @Test
  void refusesWhatIsNone() {
    assertThatThrownBy(() -> Slots.of(2, 8).share(0, 3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid share: rank 0 of 3, 2 slots");
    assertThatThrownBy(() -> Slots.of(1 << 16, 1 << 16))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid slots: a step of 4,294,967,296 records");
    assertThatThrownBy(() -> Slots.of(0, 8)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(
            () -> EpochOrder.shuffled(BLOCKS, 1, 0, Slots.of(2, 8), new Slots.Share(1, 3)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid order: slots up to 3 of 2");
  }
}
