package io.dropblock.cuda;

import java.util.Optional;
import java.util.ServiceLoader;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * ND4J's arrays where they are, in a GPU's memory. What knows how to find them there needs ND4J's
 * CUDA backend and is in the jar of the Maven profile {@code cuda} only; this is all that other
 * code sees of it.
 */
public interface DeviceArrays {

  /** What puts work on a stream. */
  @FunctionalInterface
  interface Launch {
    /**
     * Puts it there and returns at once.
     *
     * @param device the GPU's ordinal, that of the calling thread
     * @param stream the CUstream on which ND4J's own ops of this thread run one after the other
     * @param input the device address of the input's first element
     * @param output the device address of the output's first element
     */
    void on(int device, long stream, long input, long output);
  }

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
