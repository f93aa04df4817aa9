package io.dropblock.bench.averaging.fit;

import java.util.Collections;
import java.util.Iterator;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.EmbeddingLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/**
 * A network of exactly so many parameters whose step is next to no arithmetic but the updater's: a
 * sample looks up one value of a table, and one neuron reads it. The parameters are dense arrays to
 * DL4J, as those of any layer, and Nesterov momentum keeps as many floats of state.
 */
final class SparseNetwork {
  private static final double LEARNING_RATE = 1e-3;
  private static final double MOMENTUM = .9;

  /** Weight and bias of the neuron. */
  private static final int NEURON = 2;

  private SparseNetwork() {}

  /**
   * Makes one.
   *
   * @param parameters at least {@link FitJob#LEAST_PARAMETERS}
   */
  static ComputationGraph of(int parameters) {
    ComputationGraph network =
        new ComputationGraph(
            new NeuralNetConfiguration.Builder()
                .seed(1)
                .updater(new Nesterovs(LEARNING_RATE, MOMENTUM))
                .graphBuilder()
                .addInputs("in")
                .addLayer(
                    "table",
                    new EmbeddingLayer.Builder().nIn(parameters - NEURON).nOut(1).build(),
                    "in")
                .addLayer(
                    "out",
                    new OutputLayer.Builder(LossFunction.MSE)
                        .activation(Activation.IDENTITY)
                        .nIn(1)
                        .nOut(1)
                        .build(),
                    "table")
                .setOutputs("out")
                .build());
    network.init();
    return network;
  }

  /** Batches of one sample, all the same one. */
  static Iterator<DataSet> batches(int count) {
    return Collections.nCopies(count, new DataSet(Nd4j.zeros(1, 1), Nd4j.ones(1, 1))).iterator();
  }
}
