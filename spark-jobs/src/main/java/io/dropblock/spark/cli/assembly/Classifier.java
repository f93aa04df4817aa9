package io.dropblock.spark.cli.assembly;

import io.dropblock.model.Architecture;
import io.dropblock.model.Regularization;
import io.dropblock.nn.NamedParameters;
import io.dropblock.nn.NetworkState;
import io.dropblock.spark.analyze.DropPlaces;
import io.dropblock.spark.data.image.ImageTransform;
import io.dropblock.spark.data.image.Normalization;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A recipe's network that gives an image one class, for those who take it apart. */
public final class Classifier {
  private final NetworkArguments arguments;
  private final Architecture architecture;
  private final ImageTransform transform;

  /**
   * @param arguments of the recipe
   * @param architecture a trunk, global average, a dense layer with softmax
   * @param transform from an image of any size to what the network takes, without chance
   */
  Classifier(NetworkArguments arguments, Architecture architecture, ImageTransform transform) {
    this.arguments = arguments;
    this.architecture = architecture;
    this.transform = transform;
  }

  /** From an image of any size to what the network takes, without chance. */
  public ImageTransform transform() {
    return transform;
  }

  /** Of the pixels that the network takes. */
  public Normalization normalization() {
    return arguments.normalization();
  }

  /** Where the network drops in training, whatever it drops there; empty if nowhere. */
  public Optional<DropPlaces> places() {
    Regularization trained = arguments.regularization();
    return trained.groups().isEmpty()
        ? Optional.empty()
        : Optional.of(new DropPlaces(trained.groups(), trained.sites(), trained.groupDivisor()));
  }

  /** Number of its groups. */
  public int groups() {
    return architecture.trunk().groups();
  }

  /** Name of the vertex with the last features, {@code [images, rows, columns, channels]}. */
  public String features() {
    var levels = architecture.trunk().levels();
    return levels.get(levels.size() - 1).vertex();
  }

  /** Name of the last layer. */
  public String output() {
    return architecture.head().outputs().get(0);
  }

  /**
   * A trained network with other sites that drop, or where it had none.
   *
   * @param trained of this recipe, whatever dropped in it
   * @throws IllegalArgumentException if the network lacks a group, or the parameters are not this
   *     recipe's
   */
  public NetworkState with(Regularization regularization, NetworkState trained) {
    ComputationGraphConfiguration configuration =
        architecture.configuration(
            arguments.image(), regularization, arguments.optimizer(), arguments.recipe().seed());
    ComputationGraph network = new ComputationGraph(configuration);
    long parameters =
        configuration.getVertices().values().stream()
            .mapToLong(vertex -> vertex.numParams(true))
            .sum();
    // zeros, as random ones take time
    network.init(Nd4j.create(configuration.getDataType(), 1, parameters), false);
    Map<String, INDArray> to = NamedParameters.of(network).values();
    Map<String, INDArray> from =
        NamedParameters.of(trained.restore()).inFormOf(to.keySet()).values();
    List<String> others =
        to.keySet().stream().filter(name -> !isLike(from.get(name), to.get(name))).toList();
    if (!others.isEmpty() || from.size() > to.size()) {
      throw new IllegalArgumentException(
          "its recipe describes another network"
              + (others.isEmpty() ? "" : ", which differs in " + others.get(0)));
    }
    to.forEach((name, values) -> values.assign(from.get(name)));
    return NetworkState.of(network);
  }

  private static boolean isLike(INDArray one, INDArray other) {
    return one != null && Arrays.equals(one.shape(), other.shape());
  }
}
