package io.dropblock.op;

/**
 * {@code output = input * mask * scale} for two dense arrays of one memory order, in one pass:
 * piece by piece, small enough for the cache, a piece is copied (unless in place), its dropped
 * elements are multiplied by 0, then all of it by the scale. Dropped elements first, so that none
 * overflows.
 *
 * <p>The unit of work is a word of the mask: in channels-first order 64 neighbouring pixels of one
 * map, in channels-last order 64 neighbouring pixels of all channels.
 *
 * @param mask what to drop
 * @param factors what each sample is multiplied by, already rounded to the elements' type
 * @param channelsLast the order of the memory
 */
record MaskProduct(DropMask mask, double[] factors, boolean channelsLast) {
  /**
   * Elements of a piece: 2 kB of floats. Measured: larger ones, though they fit the first-level
   * cache, take up to twice as long where elements are dropped; calls are cheap beside that.
   */
  private static final int PIECE = 512;

  /** Number of units of work. */
  long units() {
    long words = (long) mask.samples() * mask.wordsPerMap();
    return channelsLast ? words : words * mask.channels();
  }

  /**
   * Works on a range of units.
   *
   * @param input null to work in place
   */
  void apply(Elements input, Elements output, long firstUnit, long endUnit) {
    long unitsPerSample = units() / mask.samples();
    long unitElements = element(unitsPerSample) / unitsPerSample;
    long piece = Math.max(1, PIECE / unitElements);
    for (long unit = firstUnit; unit < endUnit; ) {
      int sample = (int) (unit / unitsPerSample);
      long end = Math.min(endUnit, Math.min(unit + piece, (sample + 1) * unitsPerSample));
      long first = element(unit);
      int count = Math.toIntExact(element(end) - first);
      if (input != null) {
        output.copy(input, first, count);
      }
      if (channelsLast) {
        dropChannelsLast(output, unit, end);
      } else {
        dropChannelsFirst(output, unit, end);
      }
      if (factors[sample] != 0 && factors[sample] != 1) {
        output.scale(first, count, factors[sample]);
      }
      unit = end;
    }
  }

  /** The first element of a unit; that of the next unit is the end of this one. */
  private long element(long unit) {
    int words = mask.wordsPerMap();
    long pixel = unit / words * mask.geometry().pixels() + unit % words * Long.SIZE;
    return channelsLast ? pixel * mask.channels() : pixel;
  }

  private void dropChannelsFirst(Elements output, long firstUnit, long endUnit) {
    boolean shared = mask.settings().sharedChannels();
    for (long unit = firstUnit; unit < endUnit; unit++) {
      long dropped = ~mask.word((int) (shared ? sharedWord(unit) : unit));
      if (dropped != 0) {
        drop(output, dropped, element(unit), 1);
      }
    }
  }

  private long sharedWord(long unit) {
    int words = mask.wordsPerMap();
    return unit / ((long) mask.channels() * words) * words + unit % words;
  }

  private void dropChannelsLast(Elements output, long firstUnit, long endUnit) {
    int words = mask.wordsPerMap();
    int maps = mask.mapsPerSample();
    for (long unit = firstUnit; unit < endUnit; unit++) {
      int firstWord = (int) (unit / words * maps * words + unit % words);
      int step = mask.settings().sharedChannels() ? 0 : words;
      long first = element(unit);
      for (int channel = 0; channel < mask.channels(); channel++) {
        drop(output, ~mask.word(firstWord + channel * step), first + channel, mask.channels());
      }
    }
  }

  private static void drop(Elements output, long dropped, long first, int stride) {
    for (long bits = dropped; bits != 0; bits &= bits - 1) {
      output.drop(first + (long) Long.numberOfTrailingZeros(bits) * stride);
    }
  }
}
