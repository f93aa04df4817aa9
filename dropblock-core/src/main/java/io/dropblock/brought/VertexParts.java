package io.dropblock.brought;

import io.dropblock.brought.Conversion.Made;
import io.dropblock.nn.Dropout;
import io.dropblock.nn.Rectifier;
import io.dropblock.nn.ResidualSum;
import io.dropblock.nn.cell.ChannelMerge;
import java.util.List;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.graph.ScaleVertex;
import org.deeplearning4j.nn.conf.graph.ShiftVertex;

/** The vertices of a brought network that hold no layer, as parts. */
final class VertexParts {
  private static final CNN2DFormat LAST = CNN2DFormat.NHWC;

  private final Conversion conversion;
  private final BroughtNetwork network;

  VertexParts(Conversion conversion, BroughtNetwork network) {
    this.conversion = conversion;
    this.network = network;
  }

  void add(String name) {
    GraphVertex vertex = network.vertex(name).clone();
    List<String> inputs = network.inputs(name);
    if (vertex instanceof MergeVertex) {
      addLast(name, new ChannelMerge(), "ChannelMerge");
    } else if (vertex instanceof ElementWiseVertex sum && areAlike(inputs)) {
      addSum(name, sum);
    } else if (vertex instanceof ResidualSum) {
      addLast(name, vertex, Fate.TAKEN);
    } else if (vertex instanceof ScaleVertex
        || vertex instanceof ShiftVertex
        || vertex instanceof Rectifier
        || vertex instanceof Dropout) {
      Made from = conversion.made(inputs.get(0));
      conversion.add(Part.of(name, vertex, List.of(from.part())));
      conversion.finish(name, new Made(name, from.order()), Fate.TAKEN);
    } else {
      addAsItIs(name, vertex);
    }
  }

  private boolean areAlike(List<String> inputs) {
    return inputs.stream().map(network::type).distinct().count() == 1;
  }

  /** The sum of two with the ReLU behind it, where that alone reads it, is one vertex. */
  private void addSum(String name, ElementWiseVertex vertex) {
    boolean two = vertex.getOp() == ElementWiseVertex.Op.Add && network.inputs(name).size() == 2;
    String relu =
        two && !conversion.dropsBehind(name)
            ? new LayerParts(conversion, network, false).lonelyRelu(name)
            : null;
    if (relu == null) {
      addLast(name, vertex, network.isMap(name) ? "channels last" : Fate.TAKEN);
    } else {
      conversion.does(name, relu);
      addLast(name, new ResidualSum(), "ResidualSum");
    }
  }

  private void addLast(String name, GraphVertex vertex, String became) {
    conversion.add(Part.of(name, vertex, conversion.in(network.inputs(name), LAST)));
    conversion.finish(name, new Made(name, network.isMap(name) ? LAST : null), became);
  }

  private void addAsItIs(String name, GraphVertex vertex) {
    boolean map = network.isMap(network.inputs(name).get(0));
    CNN2DFormat order = map ? network.order(network.inputs(name).get(0)) : null;
    conversion.add(Part.of(name, vertex, conversion.in(network.inputs(name), order)));
    conversion.finish(
        name, new Made(name, network.isMap(name) ? network.order(name) : null), Fate.TAKEN);
  }
}
