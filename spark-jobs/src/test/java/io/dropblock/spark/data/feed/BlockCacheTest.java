package io.dropblock.spark.data.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropblock.spark.data.KeyedRandom;
import io.dropblock.spark.data.annotation.ClassLabel;
import io.dropblock.spark.data.shard.ImageRecord;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

/** Block {@code n} has one record of 100 bytes {@code n}. */
class BlockCacheTest {
  private static final int BYTES = 100;

  private final AtomicInteger reads = new AtomicInteger();
  private final Set<byte[]> arrays =
      Collections.synchronizedSet(Collections.newSetFromMap(new IdentityHashMap<>()));

  private List<ImageRecord> read(int block, IntFunction<byte[]> storage) {
    reads.incrementAndGet();
    byte[] page = storage.apply(BYTES);
    assertThat(page.length).isGreaterThanOrEqualTo(BYTES);
    Arrays.fill(page, (byte) block);
    arrays.add(page);
    if (block == 13) {
      throw new IllegalStateException("block 13");
    }
    return List.of(new ImageRecord(page, 0, BYTES, new ClassLabel(0), "n" + block));
  }

  private static void assertContent(BlockCache.Lease lease, int block) {
    byte[] expected = new byte[BYTES];
    Arrays.fill(expected, (byte) block);
    assertThat(lease.records().get(0).bytes()).isEqualTo(expected);
    assertThat(lease.records().get(0).name()).isEqualTo("n" + block);
  }

  @Test
  void readsAKeptBlockOnce() {
    BlockCache cache = new BlockCache(2, Long.MAX_VALUE, this::read);
    for (int block : new int[] {1, 2, 1, 2, 1}) {
      try (BlockCache.Lease lease = cache.lease(block)) {
        assertContent(lease, block);
      }
    }
    assertThat(reads).hasValue(2);
  }

  @Test
  void readsIntoTheArraysOfBlocksThatAreGone() {
    BlockCache cache = new BlockCache(2, Long.MAX_VALUE, this::read);
    for (int block = 0; block < 50; block++) {
      try (BlockCache.Lease lease = cache.lease(block % 12)) {
        assertContent(lease, block % 12);
      }
    }
    assertThat(reads).hasValue(50);
    assertThat(arrays.size()).isLessThanOrEqualTo(3);
  }

  @Test
  void keepsNoMoreBytesThanItMay() {
    // An array is an eighth larger than its block, so three do not fit.
    BlockCache cache = new BlockCache(100, 3 * BYTES, this::read);
    for (int block : new int[] {1, 2, 1, 2, 3, 2, 3, 1}) {
      try (BlockCache.Lease lease = cache.lease(block)) {
        assertContent(lease, block);
      }
    }
    assertThat(reads).as("1, 2, 3 and, as it had to go, 1").hasValue(4);
    assertThat(arrays).hasSizeLessThanOrEqualTo(3);
    BlockCache tiny = new BlockCache(100, BYTES / 2, this::read);
    for (int block : new int[] {1, 2, 1}) {
      try (BlockCache.Lease first = tiny.lease(block);
          BlockCache.Lease again = tiny.lease(block)) {
        assertContent(first, block);
        assertContent(again, block);
      }
    }
    assertThat(reads).hasValue(7);
  }

  @Test
  void leavesABlockAloneAsLongAsItIsUsed() {
    BlockCache cache = new BlockCache(1, Long.MAX_VALUE, this::read);
    try (BlockCache.Lease first = cache.lease(1)) {
      BlockCache.Lease again = cache.lease(1);
      for (int block = 2; block < 9; block++) {
        cache.lease(block).close();
      }
      again.close();
      for (int block = 2; block < 9; block++) {
        cache.lease(block).close();
      }
      assertContent(first, 1);
    }
  }

  @Test
  void goesOnBehindABlockThatCannotBeRead() {
    BlockCache cache = new BlockCache(1, Long.MAX_VALUE, this::read);
    for (int i = 0; i < 5; i++) {
      assertThatThrownBy(() -> cache.lease(13))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("block 13");
      try (BlockCache.Lease lease = cache.lease(i)) {
        assertContent(lease, i);
      }
    }
    assertThat(arrays.size()).isLessThanOrEqualTo(3);
  }

  @Test
  void servesManyThreads() throws Exception {
    BlockCache cache = new BlockCache(3, Long.MAX_VALUE, this::read);
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      List<Future<?>> runs = new ArrayList<>();
      for (int thread = 0; thread < 8; thread++) {
        KeyedRandom random = KeyedRandom.of(thread);
        runs.add(
            threads.submit(
                () -> {
                  for (int i = 0; i < 2000; i++) {
                    int block = random.nextInt(12);
                    try (BlockCache.Lease lease = cache.lease(block)) {
                      assertContent(lease, block);
                    }
                  }
                }));
      }
      for (Future<?> run : runs) {
        run.get();
      }
    } finally {
      threads.shutdownNow();
    }
    // kept, in use, or spare
    assertThat(arrays.size()).isLessThanOrEqualTo(3 + 8 + 3);
  }
}
