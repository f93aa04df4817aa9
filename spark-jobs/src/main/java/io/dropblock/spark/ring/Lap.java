package io.dropblock.spark.ring;

/**
 * The way of one side of a rank through a round: in each of 2 (world - 1) steps, one segment of the
 * array, then the one before it.
 */
final class Lap {
  private final Elements elements;
  private final int world;
  private final int first;
  private final int steps;

  private int step;
  private int done;

  /**
   * @param first the segment of step 0
   */
  Lap(Elements elements, int world, int first) {
    this.elements = elements;
    this.world = world;
    this.first = first;
    this.steps = 2 * (world - 1);
    skipEmpty();
  }

  /** Number of the step; that of all steps at the end. */
  int step() {
    return step;
  }

  boolean finished() {
    return step == steps;
  }

  /** Wire bytes of this step's segment that are done. */
  int done() {
    return done;
  }

  /** Wire bytes of this step's segment that are left. */
  int left() {
    return length() - done;
  }

  /** Wire bytes of this step's segment. */
  int length() {
    int segment = segment();
    return (begin(segment + 1) - begin(segment)) * elements.wireBytes();
  }

  /** The element that the first byte after those done belongs to. */
  int element() {
    return begin(segment()) + done / elements.wireBytes();
  }

  /** The first byte after those done, in an array whose elements are as long as on the wire. */
  int position() {
    return begin(segment()) * elements.wireBytes() + done;
  }

  void advance(int bytes) {
    done += bytes;
    skipEmpty();
  }

  private void skipEmpty() {
    while (step < steps && done == length()) {
      step++;
      done = 0;
    }
  }

  private int segment() {
    return Math.floorMod(first - step, world);
  }

  private int begin(int segment) {
    return (int) ((long) elements.count() * segment / world);
  }
}
