package io.dropblock.bench.input;

/** What is measured of an image's way. */
public enum InputCase {
  /** Blocks from the shards into memory. */
  READ("read"),
  /** The whole image, nothing else. */
  DECODE("decode whole images"),
  /** Crop, scale, mirror and normalise what was decoded before. */
  AUGMENT("augment decoded images"),
  /** From bytes to floats as a feed does it, decoding no more than the crop needs. */
  SAMPLE("decode and augment"),
  /** A whole feed: an epoch's batches from the shards. */
  FEED("feed");

  private final String label;

  InputCase(String label) {
    this.label = label;
  }

  String label() {
    return label;
  }
}
