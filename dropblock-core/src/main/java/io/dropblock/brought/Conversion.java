package io.dropblock.brought;

import io.dropblock.nn.ChannelsFirst;
import io.dropblock.nn.ChannelsLast;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.graph.PreprocessorVertex;

/**
 * A brought network of our layers where its own allow: the same parameters under the same names,
 * the same outputs and gradients but for rounding, and the moving variance of batch normalisation
 * as {@link io.dropblock.nn.BatchNorm} keeps it. What our layers do runs with the channels last;
 * what is taken as it is, in the order that the file has, with a copy where the order changes.
 */
public final class Conversion {
  /** The name of what the network reads. */
  public static final String IMAGE = "image";

  private final BroughtNetwork network;
  private final Set<String> after;
  private final Map<String, Part> parts = new LinkedHashMap<>();
  private final Map<String, Fate> fates = new LinkedHashMap<>();
  private final Map<String, Made> made = new HashMap<>();

  /** Vertices that another one does, which was made before. */
  private final Map<String, String> doneBy = new HashMap<>();

  private final Set<String> names = new HashSet<>();

  /**
   * What a vertex of the file is here.
   *
   * @param part the name of the last part
   * @param order of its maps; null where it gives vectors
   */
  record Made(String part, CNN2DFormat order) {}

  Conversion(BroughtNetwork network, Set<String> after, boolean frozen) {
    this.network = network;
    this.after = Set.copyOf(after);
    if (network.vertex(IMAGE) != null) {
      throw new IllegalArgumentException(
          "a layer of it is called '" + IMAGE + "', as its input is here; rename that layer");
    }
    names.addAll(network.vertices());
    made.put(network.input(), new Made(IMAGE, CNN2DFormat.NCHW));
    LayerParts layers = new LayerParts(this, network, frozen);
    VertexParts vertices = new VertexParts(this, network);
    for (String name : network.vertices()) {
      if (doneBy.containsKey(name)) {
        String other = doneBy.get(name);
        finish(name, made.get(other), "done by " + other);
      } else if (network.layer(name) != null) {
        layers.add(name);
      } else {
        vertices.add(name);
      }
    }
  }

  /** The parts in the order of the forward pass, the output last. */
  public List<Part> parts() {
    return List.copyOf(parts.values());
  }

  /** What became of each vertex, in the order of the forward pass. */
  public List<Fate> fates() {
    return List.copyOf(fates.values());
  }

  void add(Part part) {
    parts.put(part.name(), part);
  }

  /** A name of a part that the file does not have. */
  String fresh(String name) {
    if (!names.add(name)) {
      throw new IllegalArgumentException(
          "a layer of it is called '"
              + name
              + "', as a part of this program is; rename that layer");
    }
    return name;
  }

  /** A vertex is done: its last part is known, and whether something is dropped behind it. */
  void finish(String name, Made last, String became) {
    made.put(name, last);
    boolean drops = after.contains(name);
    fates.put(name, new Fate(name, kind(name), became, drops));
    if (drops) {
      fresh(name + "-dropblock");
      fresh(name + "-drop-path");
      parts.computeIfPresent(last.part(), (part, it) -> it.dropping(name));
    }
  }

  private String kind(String name) {
    Object kind = network.layer(name) == null ? network.vertex(name) : network.layer(name);
    return kind.getClass().getSimpleName();
  }

  /** Lets a vertex of the file be done by another one. */
  void does(String name, String other) {
    doneBy.put(other, name);
  }

  boolean dropsBehind(String name) {
    return after.contains(name);
  }

  Made made(String name) {
    return made.get(name);
  }

  /**
   * What a vertex of the file gives, in an order.
   *
   * @param order of maps; null for as it is
   */
  String in(String name, CNN2DFormat order) {
    Made from = made.get(name);
    if (order == null || from.order() == null || from.order() == order) {
      return from.part();
    }
    boolean last = order == CNN2DFormat.NHWC;
    String key = from.part() + (last ? "-channels-last" : "-channels-first");
    if (!parts.containsKey(key)) {
      add(
          Part.of(
              fresh(key),
              new PreprocessorVertex(last ? new ChannelsLast() : new ChannelsFirst()),
              List.of(from.part())));
    }
    return key;
  }

  List<String> in(List<String> some, CNN2DFormat order) {
    List<String> all = new ArrayList<>();
    some.forEach(name -> all.add(in(name, order)));
    return all;
  }
}
