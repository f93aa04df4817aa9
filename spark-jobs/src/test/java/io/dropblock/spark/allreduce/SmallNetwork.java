package io.dropblock.spark.allreduce;

import io.dropblock.nn.DropBlock;
import io.dropblock.op.Normalization;
import io.dropblock.optimizer.OnePassUpdater;
import io.dropblock.optimizer.settings.OptimizerSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/**
 * A network without batch normalisation, with L2 and clipping, DL4J's where the updater has none,
 * and batches for it.
 */
record SmallNetwork(IUpdater updater, DataType type) {
  static final int BATCH = 16;
  private static final int CLASSES = 5;

  private boolean clips() {
    return updater instanceof OptimizerSettings settings && settings.clipNorm() > 0;
  }

  ComputationGraph make() {
    ComputationGraph network =
        new ComputationGraph(
            new NeuralNetConfiguration.Builder()
                .seed(1)
                .dataType(type)
                .updater(updater.clone())
                .l2(.01)
                .gradientNormalization(
                    clips() ? GradientNormalization.None : GradientNormalization.ClipL2PerLayer)
                .gradientNormalizationThreshold(.5)
                .graphBuilder()
                .addInputs("in")
                .setInputTypes(InputType.convolutional(8, 8, 3))
                .addLayer(
                    "conv",
                    new ConvolutionLayer.Builder(3, 3).nOut(4).activation(Activation.TANH).build(),
                    "in")
                .addLayer(
                    "drop",
                    new DropBlock.Builder()
                        .blockSize(3)
                        .normalization(Normalization.SAMPLE)
                        .build(),
                    "conv")
                .addLayer(
                    "out",
                    new OutputLayer.Builder(LossFunction.MCXENT)
                        .activation(Activation.SOFTMAX)
                        .nOut(CLASSES)
                        .build(),
                    "drop")
                .setOutputs("out")
                .build());
    network.init();
    if (clips()) {
      OnePassUpdater.attach(network);
    }
    return network;
  }

  /** Noise with labels. */
  List<DataSet> batches(int count) {
    Random random = new Random(3);
    List<DataSet> batches = new ArrayList<>();
    for (int batch = 0; batch < count; batch++) {
      double[] pixels = random.doubles(BATCH * 3 * 8 * 8, -2, 2).toArray();
      INDArray labels = Nd4j.zeros(type, BATCH, CLASSES);
      for (int sample = 0; sample < BATCH; sample++) {
        labels.putScalar(sample, random.nextInt(CLASSES), 1);
      }
      batches.add(
          new DataSet(
              Nd4j.createFromArray(pixels).reshape('c', BATCH, 3, 8, 8).castTo(type), labels));
    }
    return batches;
  }

  /** A rank's samples of a batch, one after the other. */
  static DataSet part(DataSet batch, int rank, int world) {
    int size = batch.numExamples() / world;
    var samples = NDArrayIndex.interval(rank * size, (rank + 1) * size);
    return new DataSet(
        batch
            .getFeatures()
            .get(samples, NDArrayIndex.all(), NDArrayIndex.all(), NDArrayIndex.all())
            .dup('c'),
        batch.getLabels().get(samples, NDArrayIndex.all()).dup('c'));
  }

  static List<DataSet> parts(List<DataSet> batches, int rank, int world) {
    return batches.stream().map(batch -> part(batch, rank, world)).toList();
  }
}
