package io.dropblock.spark.preflight.slot;

import java.io.Serializable;
import org.apache.spark.BarrierTaskContext;

/** What each task slot does once, all of them at the same time. */
@FunctionalInterface
public interface SlotTask<T extends Serializable> extends Serializable {
  /** Does it; what people are to be told of is in the result, and not thrown. */
  T run(BarrierTaskContext task);
}
