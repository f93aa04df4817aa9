package io.dropblock.bench.trace;

import io.dropblock.bench.figure.TensorShape;
import io.dropblock.bench.step.workload.StepModel;
import io.dropblock.bench.step.workload.SyntheticLabels;
import io.dropblock.model.Architecture;
import io.dropblock.model.ClassificationHead;
import io.dropblock.model.MapShape;
import io.dropblock.model.Regularization;
import io.dropblock.model.SegmentationHead;
import io.dropblock.optimizer.Momentum;
import io.dropblock.optimizer.OnePassUpdater;
import io.dropblock.optimizer.WeightDecay;
import java.util.List;
import java.util.Locale;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * What is written.
 *
 * @param model name of a {@link StepModel}
 * @param batch images of a step, at least 1
 * @param size height and width of the images in pixels, at least 1
 * @param doubles whether numbers are doubles, which go ND4J's plain ways, else floats
 * @param folder where to; absent or empty
 * @param threads of ND4J, at least 1
 */
public record TraceSettings(
    String model, int batch, int size, boolean doubles, String folder, int threads) {
  static final double MOMENTUM = 0.9;
  static final double DECAY = 1e-4;

  /** The learning rates of the steps; one drops. */
  static final List<Double> RATES = List.of(0.001, 0.001, 0.001, 0.0001, 0.0001);

  /** Equal settings give equal files. */
  static final long SEED = 1;

  /**
   * @throws IllegalArgumentException if there is no such network, or a number is below 1
   */
  public TraceSettings {
    StepModel.parse(model);
    StepModel.images(batch, size);
    if (threads < 1) {
      throw new IllegalArgumentException("Invalid number of threads: " + threads + " is below 1");
    }
  }

  /** How momentum is applied. */
  enum Form {
    PLAIN,
    NESTEROV;

    String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  DataType type() {
    return doubles ? DataType.DOUBLE : DataType.FLOAT;
  }

  TensorShape images() {
    return StepModel.images(batch, size);
  }

  /** Labels of a batch. */
  SyntheticLabels labels() {
    return StepModel.parse(model).labels(images());
  }

  /** Whether each pixel has a class, or is void. */
  boolean ofPixels() {
    return StepModel.parse(model).architecture().head() instanceof SegmentationHead;
  }

  /** Whether the network consists of cells in place of residual blocks. */
  boolean ofCells() {
    return StepModel.parse(model).architecture().trunk().hasCells();
  }

  private Architecture withoutDropout() {
    Architecture architecture = StepModel.parse(model).architecture();
    return architecture.head() instanceof ClassificationHead head
        ? new Architecture(
            architecture.trunk(),
            new ClassificationHead(head.classes(), head.smoothing(), 1, head.auxiliary()),
            architecture.norms())
        : architecture;
  }

  /** A network in which nothing drops. */
  ComputationGraph network(Form form) {
    var configuration =
        withoutDropout()
            .configuration(
                new MapShape(images().channels(), size, size),
                Regularization.none(),
                new Momentum(
                    MOMENTUM, form == Form.NESTEROV, WeightDecay.ofKernelsAndBiases(DECAY)),
                SEED);
    configuration.setDataType(type());
    ComputationGraph network = new ComputationGraph(configuration);
    network.init();
    OnePassUpdater.attach(network);
    return network;
  }
}
