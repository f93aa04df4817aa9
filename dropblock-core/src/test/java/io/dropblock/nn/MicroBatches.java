package io.dropblock.nn;

import static org.assertj.core.api.Assertions.assertThat;

import io.dropblock.op.Normalization;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.config.Nesterovs;

/** A large batch, its parts, and small networks to train on them. */
final class MicroBatches {
  static final MultiDataSet LARGE = batch(DataType.DOUBLE, 8);
  static final int[] SIZES = {3, 4, 1};

  private MicroBatches() {}

  static DropBlockStep at(int step) {
    return new DropBlockStep(.6, 42, step, 100);
  }

  static ComputationGraph network(
      WorkspaceMode workspaces,
      UnaryOperator<NeuralNetConfiguration.Builder> settings,
      Normalization normalization) {
    return network(
        settings.apply(Nets.settings(workspaces, DataType.DOUBLE)),
        new DropBlock.Builder().blockSize(2).normalization(normalization).build(),
        new DropPath());
  }

  /** conv, tanh, drop, and a branch of conv and path beside it. */
  static ComputationGraph network(
      NeuralNetConfiguration.Builder settings, DropBlock block, DropPath path) {
    return Nets.end(
        Nets.begin(settings)
            .addLayer("drop", block, "tanh")
            .addLayer("branch", Nets.convolution(), "drop")
            .addVertex("path", path, "branch")
            .addVertex("sum", new ElementWiseVertex(ElementWiseVertex.Op.Add), "drop", "path"),
        "sum");
  }

  /** conv, tanh, norm, drop, of type FLOAT, with Nesterov momentum. */
  static ComputationGraph normalized(WorkspaceMode workspaces) {
    return Nets.end(
        Nets.begin(Nets.settings(workspaces, DataType.FLOAT).updater(new Nesterovs(.1, .9)).l2(.1))
            .addLayer("norm", new BatchNormalization(), "tanh")
            .addLayer("drop", new DropBlock.Builder().blockSize(2).build(), "norm"),
        "drop");
  }

  static MultiDataSet batch(DataType type, int samples) {
    return new org.nd4j.linalg.dataset.MultiDataSet(
        Nets.images(type, samples), Nets.labels(type, samples));
  }

  /** The large batch in parts of these sizes. */
  static List<MultiDataSet> parts(int... sizes) {
    List<MultiDataSet> parts = new ArrayList<>();
    int from = 0;
    for (int size : sizes) {
      parts.add(part(LARGE, from, from + size));
      from += size;
    }
    assertThat(from).isEqualTo(LARGE.getFeatures(0).size(0));
    return parts;
  }

  static MultiDataSet part(MultiDataSet batch, int from, int to) {
    var samples = NDArrayIndex.interval(from, to);
    return new org.nd4j.linalg.dataset.MultiDataSet(
        batch.getFeatures(0).get(samples).dup('c'), batch.getLabels(0).get(samples).dup('c'));
  }
}
