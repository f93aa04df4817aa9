package io.dropblock.exchange;

import io.dropblock.exchange.safetensors.Tensor;
import io.dropblock.exchange.safetensors.TensorType;
import io.dropblock.nn.BatchNorm;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.OptionalLong;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * How often a normalisation's moving statistics were updated, PyTorch's {@code
 * num_batches_tracked}: what a file said, and the network's iterations since, but for a frozen one.
 * The former is in the network's configuration.
 */
record NormUpdates(ComputationGraph network) {
  /** More are none that anybody counted, and too many to be added to. */
  private static final long MOST = 1L << 53;

  /** Of a file; empty if it is no such number. */
  static OptionalLong in(Tensor tensor) {
    if (tensor.type() != TensorType.I64 || !tensor.shape().isEmpty()) {
      return OptionalLong.empty();
    }
    long count = ByteBuffer.wrap(tensor.data()).order(ByteOrder.LITTLE_ENDIAN).getLong();
    return count < 0 || count > MOST ? OptionalLong.empty() : OptionalLong.of(count);
  }

  /** Of a vertex with a normalisation. */
  long of(String vertex) {
    BatchNorm norm = norm(vertex);
    long here = norm.frozen() ? 0 : network.getConfiguration().getIterationCount();
    return norm.updatesBefore() + here;
  }

  /** Sets what there was before the first iteration. */
  void before(String vertex, long count) {
    norm(vertex).setUpdatesBefore(count);
  }

  private BatchNorm norm(String vertex) {
    LayerVertex holder = (LayerVertex) network.getConfiguration().getVertices().get(vertex);
    return (BatchNorm) holder.getLayerConf().getLayer();
  }
}
