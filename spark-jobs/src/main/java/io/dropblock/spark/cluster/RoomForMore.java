package io.dropblock.spark.cluster;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * Whether more ranks would find a place than train: now, and for a while, as executors that come
 * together do not come at once. For several threads; the cluster is looked at once a second.
 */
public final class RoomForMore {
  private static final Duration LOOK = Duration.ofSeconds(1);

  private final BooleanSupplier now;
  private final Duration lasting;
  private long looked = System.nanoTime() - LOOK.toNanos();

  /** Since when there is room; 0 for none. */
  private long since;

  /**
   * @param now looks at the cluster
   * @param lasting for how long there must be room
   */
  RoomForMore(BooleanSupplier now, Duration lasting) {
    this.now = now;
    this.lasting = lasting;
  }

  /** Never. */
  public static RoomForMore none() {
    return new RoomForMore(() -> false, Duration.ZERO);
  }

  /** Looks at the cluster. */
  public boolean isNow() {
    return now.getAsBoolean();
  }

  /** Whether there has been room for a while. */
  public synchronized boolean isLasting() {
    long time = System.nanoTime();
    if (time - looked >= LOOK.toNanos()) {
      looked = time;
      boolean room = now.getAsBoolean();
      since = room ? (since == 0 ? time : since) : 0;
    }
    return since != 0 && time - since >= lasting.toNanos();
  }
}
