package io.dropblock.exchange;

import io.dropblock.exchange.safetensors.Safetensors;
import io.dropblock.exchange.safetensors.SafetensorsException;
import io.dropblock.exchange.safetensors.Tensor;
import io.dropblock.exchange.safetensors.TensorType;
import io.dropblock.model.ResNet;
import io.dropblock.model.Trunk;
import io.dropblock.nn.NamedParameters;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Gives a network the weights of a file: all of its trunk, and of its head what has the same name
 * and shape there. All or, if something does not fit, none.
 */
public final class WeightsIn {
  private final Safetensors file;
  private final Naming naming;
  private final Trunk trunk;
  private final ComputationGraph network;
  private final Set<String> ofTrunk;
  private final Map<String, float[]> values = new LinkedHashMap<>();
  private final Map<String, Long> counts = new LinkedHashMap<>();
  private final List<WeightsTaken.Row> rows = new ArrayList<>();
  private final List<WeightsTaken.Row> missing = new ArrayList<>();
  private final Set<String> seen = new LinkedHashSet<>();

  private WeightsIn(Safetensors file, Trunk trunk, ComputationGraph network) {
    this.file = file;
    this.naming = naming(file);
    this.trunk = trunk;
    this.network = network;
    this.ofTrunk = trunk.verticesIn(network.getConfiguration());
  }

  /** What a file calls its tensors. */
  public static Naming naming(Safetensors file) {
    return Naming.in(file.tensors().keySet());
  }

  /**
   * Writes them into the network.
   *
   * @param trunk the network's
   * @param network initialised
   * @throws SafetensorsException if the file lacks something of the trunk, has more of it, or has
   *     numbers that are not finite
   */
  public static WeightsTaken into(Safetensors file, Trunk trunk, ComputationGraph network)
      throws SafetensorsException {
    return new WeightsIn(file, trunk, network).take();
  }

  private WeightsTaken take() throws SafetensorsException {
    if (naming == Naming.TORCHVISION && !(trunk instanceof ResNet)) {
      throw new SafetensorsException(
          "they are a ResNet's of torchvision or timm, and the network is a " + trunk.title());
    }
    Map<String, INDArray> parameters = NamedParameters.of(network).values();
    for (Map.Entry<String, INDArray> one : parameters.entrySet()) {
      take(one.getKey(), one.getValue());
    }
    for (Map.Entry<String, Tensor> one : file.tensors().entrySet()) {
      if (seen.add(one.getKey())) {
        leave(one.getKey(), one.getValue());
      }
    }
    rows.addAll(missing);
    values.forEach((name, numbers) -> Floats.assign(parameters.get(name), numbers));
    NormUpdates updates = new NormUpdates(network);
    counts.forEach(updates::before);
    return new WeightsTaken(naming, rows);
  }

  private void take(String parameter, INDArray array) throws SafetensorsException {
    String vertex = parameter.substring(0, parameter.lastIndexOf('/'));
    boolean required = ofTrunk.contains(vertex);
    Optional<StoredName> stored = stored(parameter);
    Tensor tensor = stored.map(name -> file.tensors().get(name.name())).orElse(null);
    if (tensor == null) {
      if (required) {
        throw lacks(parameter, stored);
      }
      missing.add(
          new WeightsTaken.Row(
              parameter,
              Fate.MISSING,
              Arrays.stream(array.shape()).boxed().toList(),
              array.length(),
              "begins fresh"));
      return;
    }
    String name = stored.get().name();
    StoredForm form = stored.get().form();
    List<Long> wanted = Arrays.stream(form.shape(array.shape())).boxed().toList();
    if (!tensor.shape().equals(wanted)) {
      if (required) {
        throw new SafetensorsException(
            "its " + name + " is " + tensor.shape() + ", the network's is " + wanted);
      }
      seen.add(name);
      rows.add(row(name, Fate.LEFT, tensor, "begins fresh as " + wanted));
      return;
    }
    seen.add(name);
    float[] numbers = numbers(parameter, stored.get(), tensor, array);
    Optional<NormScale> scale = parameter.endsWith("/gamma") ? scale(vertex) : Optional.empty();
    if (scale.isPresent()) {
      numbers = finite(name, scale.get().of(numbers, variances(name, vertex)));
    }
    values.put(parameter, numbers);
    boolean converted =
        form.changesNumbers() || scale.isPresent() || tensor.type() != TensorType.F32;
    rows.add(row(name, converted ? Fate.CONVERTED : Fate.TAKEN, tensor, parameter));
    naming.counterOf(parameter).ifPresent(counter -> count(counter, vertex));
  }

  /** Where the file has a parameter, or would have it. */
  private Optional<StoredName> stored(String parameter) {
    return naming
        .ofOlder(parameter)
        .filter(older -> file.tensors().containsKey(older.name()))
        .or(() -> naming.of(parameter));
  }

  /** What is no count is left. */
  private void count(String counter, String vertex) {
    Tensor tensor = file.tensors().get(counter);
    if (tensor == null) {
      return;
    }
    OptionalLong count = NormUpdates.in(tensor);
    if (count.isPresent()) {
      seen.add(counter);
      counts.put(vertex, count.getAsLong());
      rows.add(row(counter, Fate.KEPT, tensor, "updates of the statistics of " + vertex));
    }
  }

  private SafetensorsException lacks(String parameter, Optional<StoredName> stored) {
    return new SafetensorsException(
        "it lacks "
            + stored.map(StoredName::name).orElse(parameter)
            + (naming == Naming.OURS
                ? "; weights of torchvision and timm are known by their conv1.weight"
                : ", which the network has as " + parameter));
  }

  private Optional<NormScale> scale(String vertex) {
    OptionalDouble theirs = naming.epsilon();
    if (theirs.isEmpty()) {
      return Optional.empty();
    }
    NormScale scale = new NormScale(theirs.getAsDouble(), NormScale.epsilon(network, vertex));
    return scale.isSame() ? Optional.empty() : Optional.of(scale);
  }

  /** Of the file, for the scale {@code name}. */
  private float[] variances(String name, String vertex) throws SafetensorsException {
    for (String parameter : network.getLayer(vertex).paramTable().keySet()) {
      StoredName stored = naming.of(vertex + "/" + parameter).orElseThrow();
      if (stored.name().endsWith("running_var")) {
        Tensor tensor = file.tensors().get(stored.name());
        if (tensor != null && tensor.shape().equals(file.tensors().get(name).shape())) {
          return requireVariances(stored.name(), floats(stored.name(), tensor));
        }
      }
    }
    throw new SafetensorsException("it lacks the running_var of " + name);
  }

  private float[] numbers(String parameter, StoredName stored, Tensor tensor, INDArray array)
      throws SafetensorsException {
    float[] inFile = floats(stored.name(), tensor);
    StoredForm form = stored.form();
    boolean variance =
        form == StoredForm.VARIANCE
            || parameter.endsWith(Naming.VARIANCE) && form != StoredForm.LOGARITHM;
    if (variance) {
      requireVariances(stored.name(), inFile);
    }
    return finite(stored.name(), form.toOurs(inFile, array.shape()));
  }

  private static float[] requireVariances(String name, float[] numbers)
      throws SafetensorsException {
    for (int i = 0; i < numbers.length; i++) {
      if (numbers[i] < 0) {
        throw wrong(name, i, numbers[i] + ", and no variance is below 0");
      }
    }
    return numbers;
  }

  /** What was converted may be too large for a float. */
  private static float[] finite(String name, float[] converted) throws SafetensorsException {
    for (int i = 0; i < converted.length; i++) {
      if (!Float.isFinite(converted[i])) {
        throw wrong(name, i, "too large here");
      }
    }
    return converted;
  }

  private static SafetensorsException wrong(String name, int number, String reason) {
    return new SafetensorsException(
        "its " + name + " cannot be read: its number " + number + " is " + reason);
  }

  private static float[] floats(String name, Tensor tensor) throws SafetensorsException {
    try {
      return tensor.floats();
    } catch (SafetensorsException e) {
      throw new SafetensorsException("its " + name + " cannot be read: " + e.getMessage());
    }
  }

  private void leave(String name, Tensor tensor) throws SafetensorsException {
    if (naming.isOfTrunk(name)) {
      throw new SafetensorsException(
          "it has "
              + name
              + ", which a trunk "
              + trunk.title()
              + " does not have; its depth or its kind is another");
    }
    rows.add(
        row(
            name,
            Fate.LEFT,
            tensor,
            Naming.isCounter(name) ? "is no count of batches" : "the network has nothing like it"));
  }

  private static WeightsTaken.Row row(String name, Fate fate, Tensor tensor, String remark) {
    return new WeightsTaken.Row(
        name, fate, tensor.shape(), tensor.data().length / tensor.type().bytes(), remark);
  }
}
