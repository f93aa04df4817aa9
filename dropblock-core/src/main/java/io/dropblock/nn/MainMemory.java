package io.dropblock.nn;

import java.lang.ref.Reference;
import java.util.function.Consumer;
import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.api.concurrency.AffinityManager;
import org.nd4j.linalg.api.concurrency.AffinityManager.Location;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * An array's elements in main memory. Where ND4J computes on a GPU it keeps each array twice, and
 * copies when one side is asked for what the other side wrote; it has to be told who did. Where it
 * computes in main memory, telling it does nothing.
 */
final class MainMemory {
  private MainMemory() {}

  /**
   * Reads and writes an array.
   *
   * @param work gets the address of the first element, valid during the call
   */
  static void use(INDArray array, Consumer<Pointer> work) {
    use(array, Nd4j.getAffinityManager(), work);
  }

  static void use(INDArray array, AffinityManager locations, Consumer<Pointer> work) {
    // before the address: there may be no main memory for the array until now
    locations.ensureLocation(array, Location.HOST);
    work.accept(array.data().addressPointer());
    locations.tagLocation(array, Location.HOST);
    Reference.reachabilityFence(array);
  }
}
