package io.dropblock.bench.step.workload;

import io.dropblock.bench.figure.TensorShape;
import io.dropblock.model.Architecture;
import io.dropblock.model.CifarResNet;
import io.dropblock.model.MapShape;
import io.dropblock.model.Regularization;
import io.dropblock.model.ResNet;
import io.dropblock.optimizer.Momentum;
import io.dropblock.optimizer.Optimizer;
import io.dropblock.optimizer.WeightDecay;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * A network that can be measured, with the task it is made for and the settings of its recipes.
 *
 * @param name what {@link #parse} reads: {@code resnet50}
 * @param architecture the network
 * @param size the usual height and width of its images
 * @param classes of its task
 * @param groups those that drop where DropBlock is asked for
 * @param blockSize of DropBlock
 */
public record StepModel(
    String name,
    Architecture architecture,
    int size,
    int classes,
    List<Integer> groups,
    int blockSize) {
  /** The keep probability where DropBlock is asked for: the paper's at the end of a training. */
  static final double KEEP_PROBABILITY = 0.9;

  /** Equal arguments give equal networks, batches and masks. */
  static final long SEED = 1;

  private static final Pattern IMAGENET = Pattern.compile("resnet([1-9]\\d{1,3})");
  private static final Pattern CIFAR = Pattern.compile("cifar-resnet([1-9]\\d{0,3})");
  private static final Optimizer OPTIMIZER =
      new Momentum(0.9, true, WeightDecay.ofKernelsAndBiases(1e-4));

  /**
   * Reads a name.
   *
   * @throws IllegalArgumentException if there is no such network
   */
  public static StepModel parse(String name) {
    Matcher imagenet = IMAGENET.matcher(name);
    if (imagenet.matches()) {
      return new StepModel(
          name,
          Architecture.classifier(new ResNet(Integer.parseInt(imagenet.group(1))), 1000),
          224,
          1000,
          List.of(3, 4),
          7);
    }
    Matcher cifar = CIFAR.matcher(name);
    if (cifar.matches()) {
      return new StepModel(
          name,
          Architecture.classifier(new CifarResNet(Integer.parseInt(cifar.group(1))), 10),
          32,
          10,
          List.of(2, 3),
          3);
    }
    throw new IllegalArgumentException(
        "Unknown model: '" + name + "', write resnet50, resnet101, resnet152 or cifar-resnet20");
  }

  /**
   * The shape of a batch of its images.
   *
   * @throws IllegalArgumentException if that is too large for an array
   */
  public static TensorShape images(int batch, int size) {
    return new TensorShape(batch, SyntheticBatches.CHANNELS, size, size);
  }

  /**
   * The network with fresh weights, Nesterov momentum 0.9 and weight decay 1e-4.
   *
   * @param stock whether its layers are DL4J's own; the weights are the same
   */
  ComputationGraph network(int height, int width, boolean dropBlock, boolean stock) {
    MapShape images = new MapShape(SyntheticBatches.CHANNELS, height, width);
    ComputationGraph network =
        architecture.network(
            images,
            dropBlock ? Regularization.dropBlock(blockSize, groups) : Regularization.none(),
            OPTIMIZER,
            SEED);
    return stock
        ? StockLayers.of(network, InputType.convolutional(height, width, images.channels()))
        : network;
  }
}
