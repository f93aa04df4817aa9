package io.dropblock.op;

import io.dropblock.op.DeviceArrays.Place;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;

/**
 * Masks in GPUs' memory that nobody uses, to be drawn into again. With those in use they hold at
 * most twice the memory that was in use at one time: enough for a network whose steps are alike,
 * however its batches change before. Beyond that the one that is unused for longest is freed.
 */
final class FreeMasks {
  private final Deque<Free> free = new ArrayDeque<>();
  private long freeBytes;
  private long usedBytes;
  private long mostUsed;

  /** Masks that can stand for each other: work on a stream is done in its order. */
  record Shape(
      Place place, BlockGeometry geometry, boolean sharedChannels, int samples, int channels) {}

  private record Free(Shape shape, DeviceMask mask) {}

  /** Takes a mask out; null if there is none of that shape. */
  synchronized DeviceMask take(Shape shape) {
    for (Iterator<Free> newest = free.descendingIterator(); newest.hasNext(); ) {
      Free one = newest.next();
      if (one.shape.equals(shape)) {
        newest.remove();
        freeBytes -= one.mask.bytes();
        return one.mask;
      }
    }
    return null;
  }

  /** A mask, new or taken from here, is in use from now on. */
  synchronized void use(DeviceMask mask) {
    usedBytes += mask.bytes();
    mostUsed = Math.max(mostUsed, usedBytes);
  }

  /** A mask is used no more. */
  void give(Shape shape, DeviceMask mask) {
    // freed outside the lock: the GPU is waited for
    dropped(shape, mask).forEach(DeviceMask::close);
  }

  private synchronized List<DeviceMask> dropped(Shape shape, DeviceMask mask) {
    usedBytes -= mask.bytes();
    free.addLast(new Free(shape, mask));
    freeBytes += mask.bytes();
    List<DeviceMask> dropped = new ArrayList<>();
    while (usedBytes + freeBytes > 2 * mostUsed) {
      DeviceMask oldest = free.removeFirst().mask;
      freeBytes -= oldest.bytes();
      dropped.add(oldest);
    }
    return dropped;
  }
}
