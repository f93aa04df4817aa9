package io.dropblock.spark.ml;

import io.dropblock.nn.FloatArrays;
import io.dropblock.nn.FoldedNetwork;
import io.dropblock.spark.predict.ImageBatch;
import io.dropblock.spark.predict.Inference;
import io.dropblock.spark.predict.Prediction;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.schema.MessageType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A network and the memory of two batches of images for it, one that goes through it and one that
 * is filled meanwhile. For one task at a time.
 */
final class LoadedNetwork {
  private static final String NOT_FINITE = "the network's output is not finite";

  /** One for each pass. */
  private final List<FoldedNetwork> networks;

  private final Inference inference;
  private final WantedOutputs wanted;
  private final MessageType columns;
  private final ImageBatch[] batches;
  private int next;

  LoadedNetwork(byte[] network, Inference inference, WantedOutputs wanted) {
    this.networks =
        wanted.passes().stream().map(outputs -> NetworkBytes.network(network, outputs)).toList();
    this.inference = inference;
    this.wanted = wanted;
    this.columns = new MessageType("prediction", inference.columns());
    int size = inference.size();
    batches =
        new ImageBatch[] {
          new ImageBatch(wanted.batch(), size), new ImageBatch(wanted.batch(), size)
        };
  }

  /** One of the two batches, each in its turn, without images. */
  ImageBatch batch() {
    ImageBatch batch = batches[next];
    next = 1 - next;
    batch.clear(inference.start(wanted.batch()));
    return batch;
  }

  /** What the network makes of the images of a batch, of which there is one at least. */
  List<ImageResult> predict(ImageBatch batch) {
    List<Optional<Prediction>> predictions = null;
    double[][] features = null;
    for (FoldedNetwork network : networks) {
      INDArray[] outputs = network.output(batch.input());
      if (wanted.predictions() && predictions == null) {
        predictions = batch.samples().read(Arrays.copyOf(outputs, own(outputs.length)));
      }
      int layer = network.getConfiguration().getNetworkOutputs().indexOf(wanted.layer());
      if (layer >= 0) {
        features = features(outputs[layer]);
      }
    }
    List<ImageResult> results = new ArrayList<>();
    for (int image = 0; image < batch.images(); image++) {
      String reason = batch.broken(image);
      results.add(
          reason == null
              ? result(
                  predictions == null ? null : predictions.get(image),
                  features == null ? null : features[image])
              : ImageResult.broken(reason));
    }
    return results;
  }

  /** Of a pass's outputs those that are the network's own. */
  private int own(int outputs) {
    return wanted.isLayerBeside() ? outputs - 1 : outputs;
  }

  private static double[][] features(INDArray activations) {
    int images = Math.toIntExact(activations.size(0));
    double[][] features = new double[images][Math.toIntExact(activations.length() / images)];
    FloatArrays.read(
        activations,
        floats -> {
          for (double[] one : features) {
            Arrays.setAll(one, i -> floats.get());
          }
        });
    return features;
  }

  private ImageResult result(Optional<Prediction> prediction, double[] features) {
    if (prediction != null && prediction.isEmpty()
        || features != null && !Arrays.stream(features).allMatch(Double::isFinite)) {
      return ImageResult.broken(NOT_FINITE);
    }
    Group row = null;
    if (prediction != null) {
      row = new SimpleGroup(columns);
      prediction.get().fill(row);
    }
    return new ImageResult(row, features, null);
  }
}
