package io.dropblock.exchange;

import io.dropblock.exchange.safetensors.Safetensors;
import io.dropblock.exchange.safetensors.Tensor;
import io.dropblock.model.ResNet;
import io.dropblock.model.Trunk;
import io.dropblock.nn.NamedParameters;
import java.util.LinkedHashMap;
import java.util.Map;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A network's weights, for a file. */
public final class WeightsOut {
  private WeightsOut() {}

  /**
   * All of its parameters, moving statistics included.
   *
   * @param trunk the network's
   * @param network initialised
   * @throws IllegalArgumentException if these names have none for one of them
   */
  public static Map<String, Tensor> of(Trunk trunk, ComputationGraph network, Naming naming) {
    if (naming == Naming.TORCHVISION && !(trunk instanceof ResNet)) {
      throw new IllegalArgumentException("torchvision has no " + trunk.title());
    }
    NormUpdates updates = new NormUpdates(network);
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    NamedParameters.of(network)
        .values()
        .forEach(
            (parameter, array) -> {
              StoredName stored =
                  naming
                      .of(parameter)
                      .orElseThrow(
                          () ->
                              new IllegalArgumentException(
                                  "torchvision's ResNets have nothing like its " + parameter));
              float[] numbers = numbers(network, naming, parameter, array);
              StoredForm form = stored.form();
              tensors.put(
                  stored.name(),
                  Tensor.of(form.toStored(numbers, array.shape()), form.shape(array.shape())));
              naming
                  .counterOf(parameter)
                  .ifPresent(
                      counter -> tensors.put(counter, Tensor.of(updates.of(vertex(parameter)))));
            });
    return tensors;
  }

  /**
   * The same as a file.
   *
   * @param metadata texts by name
   */
  public static Safetensors file(
      Trunk trunk, ComputationGraph network, Naming naming, Map<String, String> metadata) {
    return new Safetensors(of(trunk, network, naming), metadata);
  }

  private static float[] numbers(
      ComputationGraph network, Naming naming, String parameter, INDArray array) {
    float[] numbers = Floats.of(array);
    String vertex = vertex(parameter);
    if (naming.epsilon().isEmpty() || !parameter.endsWith("/gamma")) {
      return numbers;
    }
    NormScale scale =
        new NormScale(NormScale.epsilon(network, vertex), naming.epsilon().getAsDouble());
    return scale.isSame() ? numbers : scale.of(numbers, NormScale.variances(network, vertex));
  }

  private static String vertex(String parameter) {
    return parameter.substring(0, parameter.lastIndexOf('/'));
  }
}
