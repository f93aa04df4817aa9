package io.dropblock.model;

import io.dropblock.nn.NamedParameters;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What became of each parameter when a network got the trunk of a trained one, kernels,
 * normalisations and their moving statistics, by name: {@code group3/block0/conv1/W}. Decay and
 * epsilon of its normalisations stay its own, and so does the form of the moving variance ({@link
 * NamedParameters#inFormOf}).
 *
 * @param taken written; none if something did not fit
 * @param numbers how many numbers these are
 * @param left of the trained network, not of its trunk
 * @param fresh of the other network, which keep the values that they had
 * @param misfits why the trunk does not fit, a reason for each parameter; empty if it does
 */
public record TrunkTransfer(
    List<String> taken, long numbers, List<String> left, List<String> fresh, List<String> misfits) {

  /** Copies the lists. */
  public TrunkTransfer {
    taken = List.copyOf(taken);
    left = List.copyOf(left);
    fresh = List.copyOf(fresh);
    misfits = List.copyOf(misfits);
  }

  /**
   * Writes the trunk's parameters of one network into another one. All of them, or, if one does not
   * fit, none.
   *
   * @param trunk of both
   * @param trained initialised; stays as it is
   * @param network initialised
   * @throws IllegalArgumentException if one of them lacks a level of the trunk
   */
  static TrunkTransfer between(Trunk trunk, ComputationGraph trained, ComputationGraph network) {
    NamedParameters trainedTrunk = ofTrunk(trunk, trained);
    Map<String, INDArray> to = ofTrunk(trunk, network).values();
    Map<String, INDArray> from = trainedTrunk.inFormOf(to.keySet()).values();
    List<String> misfits = misfits(from, to);
    if (misfits.isEmpty()) {
      to.forEach((name, values) -> values.assign(from.get(name)));
    }
    Set<String> taken = misfits.isEmpty() ? to.keySet() : Set.of();
    return new TrunkTransfer(
        List.copyOf(taken),
        taken.stream().mapToLong(name -> to.get(name).length()).sum(),
        allBut(trainedTrunk.values().keySet(), trained),
        allBut(taken, network),
        misfits);
  }

  private static NamedParameters ofTrunk(Trunk trunk, ComputationGraph network) {
    return NamedParameters.of(network, trunk.verticesIn(network.getConfiguration()));
  }

  private static List<String> allBut(Set<String> some, ComputationGraph network) {
    return NamedParameters.of(network).values().keySet().stream()
        .filter(name -> !some.contains(name))
        .toList();
  }

  private static List<String> misfits(Map<String, INDArray> from, Map<String, INDArray> to) {
    List<String> misfits = new ArrayList<>();
    to.forEach(
        (name, values) -> {
          INDArray trained = from.get(name);
          if (trained == null) {
            misfits.add("it lacks " + name);
          } else if (!Arrays.equals(trained.shape(), values.shape())) {
            misfits.add(
                String.format(
                    Locale.ROOT,
                    "its %s is %s in place of %s",
                    name,
                    Arrays.toString(trained.shape()),
                    Arrays.toString(values.shape())));
          }
        });
    from.keySet().stream()
        .filter(name -> !to.containsKey(name))
        .forEach(name -> misfits.add("it has " + name + " besides"));
    return misfits;
  }
}
