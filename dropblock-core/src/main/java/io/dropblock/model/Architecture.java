package io.dropblock.model;

import io.dropblock.optimizer.OnePassUpdater;
import io.dropblock.optimizer.Optimizer;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;

/** A family member of image classifiers: what is left to say is the task and the training. */
public sealed interface Architecture permits ResNet, CifarResNet {

  /** The name that people use: {@code ResNet-50}. */
  String title();

  /**
   * Number of residual groups, the last of which carries the scheduled keep probability undivided.
   */
  int groups();

  /**
   * Describes the network. Its one input is {@code image}, {@code [N, C, H, W]}; its one output the
   * class probabilities, {@code [N, classes]}; the loss is softmax cross entropy, summed over
   * classes.
   *
   * @param image the size of the training images; any
   * @param classes number of classes, at least 2
   * @param seed of the initial weights: equal arguments give bit-equal networks
   * @throws IllegalArgumentException if {@code regularization} names a group that the network lacks
   */
  ComputationGraphConfiguration configuration(
      MapShape image, int classes, Regularization regularization, Optimizer optimizer, long seed);

  /**
   * Builds what {@link #configuration} describes, with fresh weights and its {@link
   * OnePassUpdater}, whose learning rate is to be set.
   */
  default ComputationGraph network(
      MapShape image, int classes, Regularization regularization, Optimizer optimizer, long seed) {
    ComputationGraph network =
        new ComputationGraph(configuration(image, classes, regularization, optimizer, seed));
    network.init();
    OnePassUpdater.attach(network);
    return network;
  }
}
