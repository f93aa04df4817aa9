package io.dropblock.nn;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bytedeco.javacpp.BytePointer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A copy of a graph's state outside the heap, of any size, whose memory is kept for the next one:
 * for who looks at the state while the graph trains on. One bulk copy an array; the first one also
 * asks the system for the memory.
 *
 * <p>Not safe for use by several threads at once: the next {@link #take} writes over what somebody
 * may still read.
 */
public final class StateCopy implements StateBytes {
  /** Of one part: a buffer counts in ints. A multiple of every element's size. */
  private static final long PART = 1 << 30;

  /** Where an array lies in the memory, in bytes. */
  private record Place(long from, long length) {}

  private final Map<String, Place> places = new LinkedHashMap<>();
  private BytePointer memory;
  private String configuration;

  /** Copies the state of an initialised graph, in place of what was here. */
  public void take(ComputationGraph network) {
    Map<String, List<INDArray>> arrays = NetworkState.arraysOf(network);
    places.clear();
    long end = 0;
    for (Map.Entry<String, List<INDArray>> array : arrays.entrySet()) {
      long length = NetworkState.length(array.getValue());
      places.put(array.getKey(), new Place(end, length));
      end += length;
    }
    makeRoom(end);
    arrays.forEach((name, parts) -> copy(places.get(name), parts));
    configuration = network.getConfiguration().toJson();
  }

  private void makeRoom(long bytes) {
    if (memory != null && memory.capacity() != bytes) {
      memory.close();
      memory = null;
    }
    if (memory == null) {
      memory = new BytePointer(bytes);
    }
  }

  private void copy(Place to, List<INDArray> parts) {
    long[] at = {to.from};
    for (INDArray array : parts) {
      ArrayBytes.forEachPart(
          array,
          part -> {
            int length = part.remaining();
            buffer(at[0], length).put(part);
            at[0] += length;
          });
    }
  }

  private ByteBuffer buffer(long from, long length) {
    BytePointer part = new BytePointer(memory);
    part.capacity(memory.capacity()).position(from).limit(from + length);
    // else it would begin where the memory does
    return part.asByteBuffer().slice().order(ByteOrder.nativeOrder());
  }

  @Override
  public String configuration() {
    return configuration;
  }

  @Override
  public Set<String> names() {
    return Collections.unmodifiableSet(places.keySet());
  }

  @Override
  public long length(String name) {
    return places.get(name).length;
  }

  @Override
  public <E extends Exception> void forEachPart(String name, Use<E> use) throws E {
    Place place = places.get(name);
    for (long done = 0; done < place.length; done += PART) {
      use.accept(buffer(place.from + done, Math.min(PART, place.length - done)));
    }
  }
}
