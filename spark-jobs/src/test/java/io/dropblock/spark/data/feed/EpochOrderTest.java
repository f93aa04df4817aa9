package io.dropblock.spark.data.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropblock.spark.data.DataException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EpochOrderTest {
  /** 3 shards of blocks of 64, each with a short end: 1000 records. */
  private static final List<Integer> BLOCKS =
      List.of(64, 64, 64, 64, 64, 5, 64, 64, 64, 64, 64, 64, 64, 64, 33, 64, 64, 2);

  @ParameterizedTest
  @CsvSource({"1,1", "1,32", "2,32", "3,7", "5,64", "8,125", "1000,1", "7,142"})
  void everyRankHasTheSameStepsAndNoRecordComesTwice(int world, int localBatch) {
    int steps = 1000 / (world * localBatch);
    Set<RecordId> seen = new HashSet<>();
    for (int rank = 0; rank < world; rank++) {
      EpochOrder order = EpochOrder.shuffled(BLOCKS, 1, 0, world, rank, localBatch);
      assertThat(order.steps()).isEqualTo(steps);
      for (int step = 0; step < steps; step++) {
        assertThat(order.firstSample(step)).isEqualTo((long) rank * localBatch);
        List<RecordId> batch = order.batch(step);
        assertThat(batch).hasSize(localBatch).allMatch(id -> id.row() < BLOCKS.get(id.block()));
        batch.forEach(id -> assertThat(seen.add(id)).isTrue());
      }
    }
    assertThat(seen).hasSize(steps * world * localBatch);
  }

  @ParameterizedTest
  @CsvSource({"1,8,4", "2,16,2", "3,7,3", "2,125,4", "1,1,1000"})
  void microBatchesCutTheStepsOfTheLargeBatch(int world, int localBatch, int accumulation) {
    for (int rank = 0; rank < world; rank++) {
      EpochOrder large = EpochOrder.shuffled(BLOCKS, 1, 0, world, rank, localBatch * accumulation);
      EpochOrder small = EpochOrder.shuffled(BLOCKS, 1, 0, world, rank, localBatch, accumulation);
      assertThat(small.steps()).isEqualTo(large.steps());
      assertThat(small.batches()).isEqualTo(large.steps() * accumulation);
      for (int step = 0; step < large.steps(); step++) {
        List<RecordId> together = new ArrayList<>();
        for (int part = 0; part < accumulation; part++) {
          int index = step * accumulation + part;
          assertThat(small.firstSample(index)).isEqualTo(large.firstSample(step) + together.size());
          assertThat(small.batch(index)).hasSize(localBatch);
          together.addAll(small.batch(index));
        }
        assertThat(together).isEqualTo(large.batch(step));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"1,32", "2,32", "3,7", "8,100", "1001,4"})
  void evaluationSeesEveryRecordOnce(int world, int localBatch) {
    List<RecordId> seen = new ArrayList<>();
    for (int rank = 0; rank < world; rank++) {
      EpochOrder order = EpochOrder.sequential(BLOCKS, world, rank, localBatch);
      for (int step = 0; step < order.steps(); step++) {
        List<RecordId> batch = order.batch(step);
        assertThat(batch.size() == localBatch || step == order.steps() - 1).isTrue();
        seen.addAll(batch);
      }
    }
    List<RecordId> stored = new ArrayList<>();
    for (int block = 0; block < BLOCKS.size(); block++) {
      for (int row = 0; row < BLOCKS.get(block); row++) {
        stored.add(new RecordId(block, row));
      }
    }
    assertThat(seen).isEqualTo(stored);
  }

  @Test
  void changesWithSeedAndEpochOnly() {
    List<RecordId> order = all(EpochOrder.shuffled(BLOCKS, 5, 3, 2, 1, 10));
    assertThat(all(EpochOrder.shuffled(BLOCKS, 5, 3, 2, 1, 10))).isEqualTo(order);
    assertThat(all(EpochOrder.shuffled(BLOCKS, 5, 4, 2, 1, 10))).isNotEqualTo(order);
    assertThat(all(EpochOrder.shuffled(BLOCKS, 6, 3, 2, 1, 10))).isNotEqualTo(order);
  }

  @Test
  void ranksCutOneSequence() {
    List<RecordId> whole = all(EpochOrder.shuffled(BLOCKS, 5, 3, 1, 0, 1));
    List<RecordId> parts = new ArrayList<>();
    for (int rank = 0; rank < 4; rank++) {
      parts.addAll(all(EpochOrder.shuffled(BLOCKS, 5, 3, 4, rank, 10)));
    }
    assertThat(parts).isEqualTo(whole.subList(0, 1000));
  }

  @Test
  void aRankReadsNearlyOnlyWholeBlocks() {
    List<Integer> blocks = Collections.nCopies(100, 128);
    for (int rank = 0; rank < 4; rank++) {
      Set<Integer> touched = new HashSet<>();
      all(EpochOrder.shuffled(blocks, 1, 1, 4, rank, 32)).forEach(id -> touched.add(id.block()));
      assertThat(touched).hasSizeLessThanOrEqualTo(26);
    }
  }

  @Test
  void shufflesBlocksAndRows() {
    List<RecordId> ids = all(EpochOrder.shuffled(Collections.nCopies(40, 64), 9, 0, 1, 0, 64));
    long blocksInOrder = IntStream.range(0, 40).filter(i -> ids.get(i * 64).block() == i).count();
    long rowsInOrder =
        IntStream.range(0, ids.size()).filter(i -> ids.get(i).row() == i % 64).count();
    // One fixed point is expected of any permutation, with deviation 1: 40 blocks have 40 in all.
    assertThat(blocksInOrder).isLessThan(7);
    assertThat(rowsInOrder).isBetween(40L - 32, 40L + 32);
  }

  @Test
  void droppedRecordsDifferEachEpoch() {
    Set<RecordId> seen = new HashSet<>();
    for (int epoch = 0; epoch < 60; epoch++) {
      seen.addAll(all(EpochOrder.shuffled(BLOCKS, 2, epoch, 1, 0, 700)));
    }
    assertThat(seen).hasSize(1000);
  }

  @Test
  void refusesTooFewRecords() {
    assertThatThrownBy(() -> EpochOrder.shuffled(BLOCKS, 1, 0, 4, 0, 256))
        .isInstanceOf(DataException.class)
        .hasMessage("Cannot train on 1,000 records: one step takes 1,024, 4 micro-batches of 256");
    assertThatThrownBy(() -> EpochOrder.shuffled(BLOCKS, 1, 0, 4, 4, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid share: rank 4 of 4, 4 slots");
    assertThatThrownBy(() -> EpochOrder.shuffled(BLOCKS, 1, 0, 4, 0, 1, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid slots: 4 streams of 0 micro-batches of 1");
    assertThatThrownBy(() -> EpochOrder.shuffled(BLOCKS, 1, 0, 4, 0, 64, 4))
        .isInstanceOf(DataException.class)
        .hasMessage("Cannot train on 1,000 records: one step takes 1,024, 16 micro-batches of 64");
    assertThat(EpochOrder.sequential(List.of(), 2, 1, 8).steps()).isZero();
  }

  private static List<RecordId> all(EpochOrder order) {
    return IntStream.range(0, order.steps())
        .boxed()
        .flatMap(step -> order.batch(step).stream())
        .toList();
  }
}
