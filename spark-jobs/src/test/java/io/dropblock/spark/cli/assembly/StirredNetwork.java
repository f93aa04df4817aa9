package io.dropblock.spark.cli.assembly;

import io.dropblock.nn.BatchNorm;
import io.dropblock.nn.NamedParameters;
import java.util.Arrays;
import java.util.Map;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Weights by which a network's answers differ from image to image. Fresh ones give all images much
 * the same, as what images have in common is larger than where they differ: here statistics are
 * those of some images, and what comes out is moved to the middle and spread.
 */
final class StirredNetwork {
  private static final double SPREAD = 3;

  private final ComputationGraph network;
  private final INDArray images;
  private final Map<String, INDArray> parameters;

  private StirredNetwork(ComputationGraph network, INDArray images) {
    this.network = network;
    this.images = images;
    this.parameters = NamedParameters.of(network).values();
  }

  static ComputationGraph of(RecipeParts parts, INDArray images) {
    ComputationGraph network = parts.network();
    StirredNetwork stirred = new StirredNetwork(network, images);
    stirred.scales();
    stirred.statistics();
    stirred.outputs();
    return network;
  }

  /** Fresh ones hide errors, and those of 0 silence branches. */
  private void scales() {
    Nd4j.getRandom().setSeed(7);
    parameters.forEach(
        (name, values) -> {
          INDArray uniform = Nd4j.rand(values.dataType(), values.shape());
          switch (name.substring(name.lastIndexOf('/') + 1)) {
            case "gamma" -> values.assign(uniform.addi(.5));
            case "beta", "mean" -> values.assign(uniform.subi(.5).muli(.6));
            case "var" -> values.assign(uniform.addi(.5));
            default -> {}
          }
        });
  }

  private void statistics() {
    Map<String, INDArray> values = network.feedForward(images, true);
    network
        .getConfiguration()
        .getVertices()
        .forEach(
            (name, vertex) -> {
              if (vertex instanceof LayerVertex holder
                  && holder.getLayerConf().getLayer() instanceof BatchNorm) {
                String from = network.getConfiguration().getVertexInputs().get(name).get(0);
                assign(name + "/mean", values.get(from).mean(0, 1, 2));
                assign(name + "/var", values.get(from).var(false, 0, 1, 2));
              }
            });
  }

  private void assign(String parameter, INDArray values) {
    INDArray array = parameters.get(parameter);
    array.assign(values.reshape(array.shape()));
  }

  private void outputs() {
    if (parameters.containsKey("head/softmax/W")) {
      Map<String, INDArray> values = network.feedForward(images, false);
      learn(values.get("head/pool"), "head/softmax/");
    } else if (parameters.containsKey("head/class-net/last/W")) {
      INDArray[] outputs = network.output(images);
      spread(outputs[0], "head/class-net/last/", -5, 1.5);
      spread(outputs[1], "head/box-net/last/", 0, .3);
    } else {
      String from = network.getConfiguration().getVertexInputs().get("head/classes").get(0);
      learn(network.feedForward(images, false).get(from), "head/classes/");
    }
  }

  /**
   * Makes each class the nearest to some example: features {@code x} with mean {@code m} and an
   * example {@code p} give {@code (x - m) (p - m) - (p - m)^2 / 2}.
   */
  private void learn(INDArray features, String layer) {
    INDArray weights = parameters.get(layer + "W");
    INDArray bias = parameters.get(layer + "b");
    INDArray rows = features.dup('c').reshape('c', -1, features.size(features.rank() - 1));
    INDArray mean = rows.mean(0);
    INDArray examples = Nd4j.create(rows.dataType(), bias.length(), rows.size(1));
    for (int label = 0; label < bias.length(); label++) {
      examples.putRow(label, rows.getRow(label * 7919L % rows.size(0)).sub(mean));
    }
    INDArray shift = examples.mmul(mean).addi(examples.mul(examples).sum(1).divi(2)).negi();
    INDArray logits = rows.mmul(examples.transpose()).addRowVector(shift);
    double factor = SPREAD / logits.stdNumber().doubleValue();
    if (weights.rank() == 2) {
      weights.assign(examples.transpose().mul(factor));
    } else {
      // of a convolution the middle, as if there were no other pixels
      INDArray middle =
          weights.get(
              NDArrayIndex.all(),
              NDArrayIndex.all(),
              NDArrayIndex.point(weights.size(2) / 2),
              NDArrayIndex.point(weights.size(3) / 2));
      weights.muli(.01);
      middle.assign(examples.mul(factor));
    }
    bias.assign(shift.mul(factor).reshape(bias.shape()));
  }

  /** Each output of a layer, which are the last dimension of some values. */
  private void spread(INDArray values, String layer, double mean, double deviation) {
    INDArray weights = parameters.get(layer + "W");
    INDArray bias = parameters.get(layer + "b");
    INDArray rows = values.dup('c').reshape('c', -1, bias.length());
    INDArray middle = rows.mean(0);
    INDArray factor = rows.std(0).rdivi(deviation);
    long[] alongOutputs = new long[weights.rank()];
    Arrays.fill(alongOutputs, 1);
    // of a dense layer the last dimension, of a convolution the first
    alongOutputs[weights.rank() == 2 ? 1 : 0] = bias.length();
    weights.muli(factor.reshape(alongOutputs));
    bias.subi(middle.reshape(bias.shape())).muli(factor.reshape(bias.shape())).addi(mean);
  }

  /** In front of the softmax. */
  static INDArray logits(ComputationGraph network, INDArray images) {
    Map<String, INDArray> values = network.feedForward(images, false);
    INDArray features = values.getOrDefault("head/dropout", values.get("head/pool"));
    return features
        .mmul(network.getLayer("head/softmax").getParam("W"))
        .addRowVector(network.getLayer("head/softmax").getParam("b"));
  }
}
