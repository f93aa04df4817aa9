package io.dropblock.model;

import io.dropblock.genotype.CellGenotype;
import io.dropblock.nn.cell.ChannelMerge;
import io.dropblock.nn.cell.OddPositions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;

/**
 * One cell, added to a graph under construction. Vertices of the cell's state 3 are {@code
 * state3/left/...}, {@code state3/right/...} and {@code state3/sum}.
 *
 * <p>Details are those of {@code tensorflow/tpu: models/official/amoeba_net/network_utils.py}.
 */
final class AmoebaCell {
  /** Name of its last vertex, behind the cell's own. */
  static final String OUTPUT = "states";

  private final Motifs graph;
  private final CellPlace place;
  private final CellGenotype genotype;
  private final CellOperations operations;

  AmoebaCell(Motifs graph, CellPlace place, CellGenotype genotype) {
    this.graph = graph;
    this.place = place;
    this.genotype = genotype;
    operations = new CellOperations(graph, place);
  }

  /**
   * Adds all of it.
   *
   * @param current the output of the cell before
   * @param previous that of the one before that; there is none for the first cell, which reads
   *     {@code current} in its place
   * @return the cell's output
   */
  State add(State current, Optional<State> previous) {
    List<State> states = new ArrayList<>();
    states.add(
        new State(
            operations.pointwise(place.at(), "", current, 1), current.reduced(place.filters(), 1)));
    states.add(previous.map(before -> fitted(before, current)).orElse(current));
    for (int combination = 0; combination < genotype.combinations(); combination++) {
      states.add(combined(states, combination));
    }
    return concatenated(states);
  }

  /** The cell before the last, brought to the size of the last one and to this cell's filters. */
  private State fitted(State before, State current) {
    if (!before.isAsLargeAs(current)) {
      return reduced("-prev", before.with(graph.relu(before.vertex())), 2);
    }
    if (before.map().channels() != place.filters()) {
      String fitted = operations.pointwise(place.at(), "-prev", before, 1);
      return new State(fitted, before.reduced(place.filters(), 1));
    }
    return before;
  }

  private State combined(List<State> states, int combination) {
    int number = combination + CellGenotype.GIVEN;
    String at = place.at() + "state" + number + "/";
    State left = operand(states, at + "left/", 2 * combination);
    State right = operand(states, at + "right/", 2 * combination + 1);
    String sum =
        graph.vertex(
            at + "sum",
            new ElementWiseVertex(ElementWiseVertex.Op.Add),
            left.vertex(),
            right.vertex());
    return left.with(sum);
  }

  private State operand(List<State> states, String at, int index) {
    int input = genotype.inputs().get(index);
    return operations.apply(
        genotype.operations().get(index), at, states.get(input), place.strideOf(input));
  }

  /** The states that are not used, each with the shape of the last state. */
  private State concatenated(List<State> states) {
    State last = states.get(states.size() - 1);
    List<String> parts = new ArrayList<>();
    for (int number : genotype.outputs()) {
      State state = states.get(number);
      if (!state.isAsLargeAs(last)) {
        state = reduced("-state" + number, state, 2);
      } else if (state.map().channels() != last.map().channels()) {
        state = reduced("-state" + number, state, 1);
      }
      parts.add(state.vertex());
    }
    String output =
        graph.vertex(place.at() + OUTPUT, new ChannelMerge(), parts.toArray(String[]::new));
    return new State(output, last.reduced(parts.size() * place.filters(), 1));
  }

  /**
   * A factorised reduction: half of the filters from every second pixel of both axes, half from
   * those between, so that no pixel is lost. With stride 1 a plain convolution 1x1. Without ReLU.
   */
  private State reduced(String id, State from, int stride) {
    MapShape map = from.reduced(place.filters(), stride);
    if (stride == 1) {
      String conv = operations.conv(place.at() + "conv" + id, from.vertex(), map.channels(), 1, 1);
      return new State(operations.norm(place.at(), id, conv, false), map);
    }
    int half = map.channels() / 2;
    String even = operations.conv(place.at() + "conv1" + id, from.vertex(), half, 1, stride);
    String shifted = graph.vertex(place.at() + "odd" + id, new OddPositions(), from.vertex());
    String odd = operations.conv(place.at() + "conv2" + id, shifted, map.channels() - half, 1, 1);
    String both = graph.vertex(place.at() + "halves" + id, new ChannelMerge(), even, odd);
    return new State(operations.norm(place.at(), id, both, false), map);
  }
}
