package io.dropblock.op;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** How the kernel that draws a mask is started: {@code dropblock_sample} of sample.cuh. */
final class SampleLaunch {
  static final String FUNCTION = "dropblock_sample";

  private static final int ARGUMENT_BYTES = 112;

  /** Maps of four neighbouring channels, which share the encryption of their first words. */
  private static final int GROUP = 4;

  private static final int MOST_THREADS = 256;
  private static final int FEWEST_THREADS = 32;

  /** Of shared memory: several thread blocks are to fit side by side. */
  private static final int MOST_SHARED = 32 * 1024;

  private final DeviceMask mask;
  private final MaskKey key;
  private final MaskSettings settings;
  private final long[] table;
  private final int threads;
  private final boolean tileInShared;

  SampleLaunch(DeviceMask mask, MaskKey key, MaskSettings settings) {
    this.mask = mask;
    this.key = key;
    this.settings = settings;
    double gamma = settings.gamma(mask.geometry());
    // without a block no gap is asked for
    boolean drops = 1 - gamma < 1;
    table = drops ? new GapTable(gamma, mask.geometry().starts()).table() : new long[1];
    int fitting = MOST_THREADS;
    while (fitting >= FEWEST_THREADS && sharedBytes(fitting, true) > MOST_SHARED) {
      fitting /= 2;
    }
    tileInShared = fitting >= FEWEST_THREADS;
    threads = tileInShared ? fitting : FEWEST_THREADS;
  }

  private int horizon() {
    return table.length - 1;
  }

  private long sharedBytes(int threads, boolean tile) {
    long maps = tile ? (long) threads * mask.wordsPerMap() * Long.BYTES : 0;
    return 2 * Long.BYTES + maps + (long) (horizon() + threads) * Integer.BYTES;
  }

  /** Threads of a thread block: maps, or places for them where channels are no multiple of 4. */
  int threads() {
    return threads;
  }

  int sharedBytes() {
    return (int) sharedBytes(threads, tileInShared);
  }

  int blocks() {
    int groups = mask.samples() * ((mask.mapsPerSample() - 1) / GROUP + 1);
    return (groups - 1) / (threads / GROUP) + 1;
  }

  /** What the mask's memory holds from the tally on, before its words: zeros and the gap table. */
  byte[] header() {
    int zeros = (int) (mask.gaps() - mask.tally());
    ByteBuffer header = buffer(zeros + horizon() * Integer.BYTES).position(zeros);
    for (int gap = 1; gap <= horizon(); gap++) {
      header.putInt((int) table[gap]);
    }
    return header.array();
  }

  /** The structure Sampling of sample.cuh. */
  byte[] arguments() {
    BlockGeometry geometry = mask.geometry();
    return buffer(ARGUMENT_BYTES)
        .putLong(mask.words())
        .putLong(mask.dropped())
        .putLong(mask.tally())
        .putLong(mask.scales())
        .putLong(mask.gaps())
        .putLong(key.philoxKey())
        .putLong((long) mask.channels() * geometry.pixels())
        .putInt((int) key.step())
        .putInt((int) key.firstSample())
        .putInt(mask.samples())
        .putInt(mask.mapsPerSample())
        .putInt(mask.channels() / mask.mapsPerSample())
        .putInt(scaling())
        .putInt(geometry.width())
        .putInt(geometry.blockHeight())
        .putInt(geometry.blockWidth())
        .putInt(geometry.startColumns())
        .putInt(horizon() == 0 ? 0 : geometry.starts())
        .putInt(horizon())
        .putInt(mask.wordsPerMap())
        .putInt(tileInShared ? 1 : 0)
        .array();
  }

  /** SCALED_... of sample.cuh. */
  private int scaling() {
    return switch (settings.normalization()) {
      case BATCH -> 0;
      case SAMPLE -> 1;
      case NONE -> 2;
    };
  }

  private static ByteBuffer buffer(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.nativeOrder());
  }
}
