package io.dropblock.op;

import java.util.Optional;
import java.util.ServiceLoader;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * ND4J's arrays where they are, in a GPU's memory. What knows how to find them there needs ND4J's
 * CUDA backend and is in the jar of the Maven profile {@code cuda} only; this is all that other
 * code sees of it.
 */
public interface DeviceArrays {

  /**
   * Where ND4J computes for a thread.
   *
   * @param device the GPU's ordinal
   * @param stream the CUstream on which the thread's ops run one after the other
   */
  record Place(int device, long stream) {}

  /** What puts work on a stream. */
  @FunctionalInterface
  interface Launch {
    /**
     * Puts it there and returns at once.
     *
     * @param place of the calling thread
     * @param input the device address of the input's first element
     * @param output the device address of the output's first element
     */
    void at(Place place, long input, long output);
  }

  /** The calling thread's. */
  Place place();

  /**
   * Lets a kernel read one array and write another. Its launch comes behind what ND4J has put on
   * the thread's stream so far, and ND4J's next op behind it, so that nobody waits.
   *
   * @param input brought to the GPU if main memory holds newer elements
   * @param output the same array, or one that shares no memory with it
   */
  void use(INDArray input, INDArray output, Launch launch);

  /** What this jar was built with; empty in a jar without ND4J's CUDA backend. */
  static Optional<DeviceArrays> find() {
    return ServiceLoader.load(DeviceArrays.class, DeviceArrays.class.getClassLoader()).findFirst();
  }
}
