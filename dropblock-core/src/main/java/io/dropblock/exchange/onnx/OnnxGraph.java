package io.dropblock.exchange.onnx;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import onnx.Onnx.AttributeProto;
import onnx.Onnx.GraphProto;
import onnx.Onnx.NodeProto;
import onnx.Onnx.TensorProto;
import onnx.Onnx.TensorShapeProto;
import onnx.Onnx.TypeProto;
import onnx.Onnx.ValueInfoProto;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.protobuf.ByteString;

/** A graph under construction. Values go by the name of what they come from. */
final class OnnxGraph {
  /** The rest is for the nodes. */
  private static final long MOST_BYTES = 2000L << 20;

  private final GraphProto.Builder graph = GraphProto.newBuilder();
  private final Set<String> constants = new HashSet<>();
  private long weightBytes;

  OnnxGraph(String name) {
    graph.setName(name);
  }

  /** Adds a node with one output; the output's name. */
  String node(String operator, String output, List<String> inputs, AttributeProto... attributes) {
    graph.addNode(
        NodeProto.newBuilder()
            .setOpType(operator)
            .setName(output)
            .addAllInput(inputs)
            .addOutput(output)
            .addAllAttribute(Arrays.asList(attributes)));
    return output;
  }

  /** Adds floats, once; their name. */
  String floats(String name, float[] values, long... shape) {
    if (constants.add(name)) {
      ByteBuffer bytes =
          ByteBuffer.allocate(Math.multiplyExact(values.length, Float.BYTES))
              .order(ByteOrder.LITTLE_ENDIAN);
      bytes.asFloatBuffer().put(values);
      add(name, TensorProto.DataType.FLOAT, bytes, shape);
    }
    return name;
  }

  /** Adds an array, once, in a shape of as many numbers; its name. */
  String array(String name, INDArray values, long... shape) {
    return constants.contains(name)
        ? name
        : floats(name, values.castTo(DataType.FLOAT).dup('c').data().asFloat(), shape);
  }

  /** Adds a row of integers, once; their name. */
  String integers(String name, long... values) {
    if (constants.add(name)) {
      ByteBuffer bytes =
          ByteBuffer.allocate(values.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
      bytes.asLongBuffer().put(values);
      add(name, TensorProto.DataType.INT64, bytes, values.length);
    }
    return name;
  }

  private void add(String name, TensorProto.DataType type, ByteBuffer bytes, long... shape) {
    count(bytes.capacity());
    graph.addInitializer(
        TensorProto.newBuilder()
            .setName(name)
            .setDataType(type.getNumber())
            .addAllDims(Arrays.stream(shape).boxed().toList())
            .setRawData(ByteString.copyFrom(bytes.array())));
  }

  /**
   * A message of protobuf is shorter than 2 GiB.
   *
   * @throws IllegalArgumentException where the weights take up all of it, as the end of a sentence
   */
  void count(long more) {
    weightBytes += more;
    if (weightBytes > MOST_BYTES) {
      throw new IllegalArgumentException(
          "its weights have more than 2,000 MiB, and an ONNX model in one file has no room for"
              + " them");
    }
  }

  /**
   * Says what goes in.
   *
   * @param shape a number, or a name for any number, of each dimension
   */
  void input(String name, Object... shape) {
    graph.addInput(value(name, TensorProto.DataType.FLOAT, shape));
  }

  /** Says that floats come out. */
  void output(String name, Object... shape) {
    graph.addOutput(value(name, TensorProto.DataType.FLOAT, shape));
  }

  /** Says that integers come out. */
  void integerOutput(String name, Object... shape) {
    graph.addOutput(value(name, TensorProto.DataType.INT64, shape));
  }

  private static ValueInfoProto value(String name, TensorProto.DataType type, Object... shape) {
    TensorShapeProto.Builder dimensions = TensorShapeProto.newBuilder();
    for (Object side : shape) {
      TensorShapeProto.Dimension.Builder dimension = TensorShapeProto.Dimension.newBuilder();
      dimensions.addDim(
          side instanceof Number number
              ? dimension.setDimValue(number.longValue())
              : dimension.setDimParam(side.toString()));
    }
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(
            TypeProto.newBuilder()
                .setTensorType(
                    TypeProto.Tensor.newBuilder()
                        .setElemType(type.getNumber())
                        .setShape(dimensions)))
        .build();
  }

  GraphProto build() {
    return graph.build();
  }
}
