package io.dropblock.op;

/**
 * Draws the blocks of maps as {@link ReferenceKernel} defines them. The first four words of many
 * channels are drawn at once; most maps of the paper's settings need only one of them, and one
 * comparison that says that the map holds no block. To be used by one thread.
 */
final class MapSampler {
  private static final int WORDS = 4;

  private final DropMask mask;
  private final BlockGeometry geometry;
  private final MaskKey key;
  private final long philoxKey;
  private final GapTable gaps;
  private final PhiloxBatch batch = new PhiloxBatch();
  private final int[] counter = new int[WORDS];

  MapSampler(DropMask mask, MaskKey key, GapTable gaps) {
    this.mask = mask;
    this.geometry = mask.geometry();
    this.key = key;
    this.philoxKey = key.philoxKey();
    this.gaps = gaps;
  }

  /** Draws a range of the mask's maps. */
  void draw(int firstMap, int endMap) {
    int channels = mask.mapsPerSample();
    for (int map = firstMap; map < endMap; ) {
      int sample = map / channels;
      int channel = map % channels;
      int count = Math.min(PhiloxBatch.CAPACITY, Math.min(channels - channel, endMap - map));
      long globalSample = (key.firstSample() + sample) & 0xFFFFFFFFL;
      batch.draw(philoxKey, key.step(), globalSample, channel, count);
      long dropped = 0;
      for (int lane = 0; lane < count; lane++) {
        if (batch.word(lane, 0) >= gaps.noBlockBelow()) {
          dropped += dropBlocks(map + lane, channel + lane, (int) globalSample, lane);
        }
      }
      if (dropped > 0) {
        mask.addDropped(sample, dropped);
      }
      map += count;
    }
  }

  private int dropBlocks(int map, int channel, int globalSample, int lane) {
    int starts = geometry.starts();
    int columns = geometry.startColumns();
    int dropped = 0;
    int draw = 0;
    int start = gaps.gap(batch.word(lane, draw++));
    while (start < starts) {
      dropped += mask.dropBlock(map, start / columns, start % columns);
      long word = draw < WORDS ? batch.word(lane, draw) : word(channel, globalSample, draw);
      draw++;
      start += 1 + gaps.gap(word);
    }
    return dropped;
  }

  /** Words after the first four, which few maps need: encrypted in fours. */
  private long word(int channel, int globalSample, int draw) {
    if (draw % WORDS == 0) {
      counter[0] = draw / WORDS;
      counter[1] = channel;
      counter[2] = globalSample;
      counter[3] = (int) key.step();
      Philox.encrypt(counter, philoxKey);
    }
    return Integer.toUnsignedLong(counter[draw % WORDS]);
  }
}
