package io.dropblock.spark.analyze;

import io.dropblock.nn.FoldedNetwork;
import io.dropblock.nn.NetworkState;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A network for inference that gives {@link ClassMap}s with its answers. Its last layer is dense,
 * over the mean of the last features.
 */
public final class MappedNetwork {
  private final ComputationGraph network;
  private final double[][] weights;
  private final double[] biases;

  private MappedNetwork(ComputationGraph network, String output) {
    this.network = network;
    weights = network.getLayer(output).getParam("W").castTo(DataType.DOUBLE).toDoubleMatrix();
    biases = network.getLayer(output).getParam("b").castTo(DataType.DOUBLE).toDoubleVector();
  }

  /**
   * A trained one.
   *
   * @param features name of the vertex with the last features, {@code [images, rows, columns,
   *     channels]}
   * @param output name of the last layer: dense, over the mean of these features, with softmax
   */
  public static MappedNetwork of(NetworkState state, String features, String output) {
    return of(state.restore(), features, output);
  }

  /** The same of an initialised graph, which is only read. */
  static MappedNetwork of(ComputationGraph trained, String features, String output) {
    var configuration = ComputationGraphConfiguration.fromJson(trained.getConfiguration().toJson());
    configuration.setNetworkOutputs(new ArrayList<>(List.of(output, features)));
    ComputationGraph copy = new ComputationGraph(configuration);
    copy.init(trained.params(), true);
    return new MappedNetwork(FoldedNetwork.of(copy), output);
  }

  /** Number of classes. */
  public int classes() {
    return biases.length;
  }

  /** What the last layer adds to the mean of a class's map. */
  public double bias(int label) {
    return biases[label];
  }

  /**
   * What it says of images.
   *
   * @param pixels {@code [images, channels, height, width]}
   */
  public Answers answers(INDArray pixels) {
    INDArray[] outputs = network.output(pixels);
    return new Answers(outputs[0], outputs[1]);
  }

  /** What it said of some images. */
  public final class Answers {
    private final double[][] probabilities;
    private final double[] features;
    private final int rows;
    private final int columns;
    private final int channels;

    private Answers(INDArray probabilities, INDArray features) {
      this.probabilities = probabilities.castTo(DataType.DOUBLE).toDoubleMatrix();
      this.features = features.castTo(DataType.DOUBLE).dup('c').ravel().toDoubleVector();
      rows = Math.toIntExact(features.size(1));
      columns = Math.toIntExact(features.size(2));
      channels = Math.toIntExact(features.size(3));
    }

    /** Number of images. */
    public int size() {
      return probabilities.length;
    }

    /** The class that is most probable, the first of several. */
    public int said(int image) {
      int most = 0;
      for (int label = 1; label < classes(); label++) {
        most = probabilities[image][label] > probabilities[image][most] ? label : most;
      }
      return most;
    }

    /** 0 to 1. */
    public double probability(int image, int label) {
      return probabilities[image][label];
    }

    /** Where it sees a class in an image. */
    public ClassMap map(int image, int label) {
      double[] map = new double[rows * columns];
      int from = image * map.length * channels;
      for (int place = 0; place < map.length; place++) {
        for (int channel = 0; channel < channels; channel++) {
          map[place] += features[from++] * weights[channel][label];
        }
      }
      return new ClassMap(rows, columns, map);
    }
  }
}
