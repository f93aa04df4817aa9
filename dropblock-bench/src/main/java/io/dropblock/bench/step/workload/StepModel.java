package io.dropblock.bench.step.workload;

import io.dropblock.bench.figure.TensorShape;
import io.dropblock.model.Architecture;
import io.dropblock.model.CifarResNet;
import io.dropblock.model.MapShape;
import io.dropblock.model.NormSettings;
import io.dropblock.model.Regularization;
import io.dropblock.model.ResNet;
import io.dropblock.model.SegmentationHead;
import io.dropblock.optimizer.Momentum;
import io.dropblock.optimizer.Optimizer;
import io.dropblock.optimizer.WeightDecay;
import java.util.List;
import java.util.Locale;
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
 * @param dropBlock what drops where DropBlock is asked for
 */
public record StepModel(
    String name, Architecture architecture, int size, int classes, Regularization dropBlock) {
  /** The keep probability where DropBlock is asked for: the paper's at the end of a training. */
  static final double KEEP_PROBABILITY = 0.9;

  /** Equal arguments give equal networks, batches and masks. */
  static final long SEED = 1;

  private static final Pattern IMAGENET = Pattern.compile("resnet([1-9]\\d{1,3})");
  private static final Pattern CIFAR = Pattern.compile("cifar-resnet([1-9]\\d{0,3})");
  private static final Pattern SEGMENTATION = Pattern.compile("segmentation-r([1-9]\\d{1,3})");
  private static final int VOC_CLASSES = 21;
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
          Architecture.classifier(resNet(imagenet), 1000),
          224,
          1000,
          Regularization.dropBlock(7, List.of(3, 4)));
    }
    Matcher cifar = CIFAR.matcher(name);
    if (cifar.matches()) {
      return new StepModel(
          name,
          Architecture.classifier(new CifarResNet(Integer.parseInt(cifar.group(1))), 10),
          32,
          10,
          Regularization.dropBlock(3, List.of(2, 3)));
    }
    Matcher segmentation = SEGMENTATION.matcher(name);
    if (segmentation.matches()) {
      return new StepModel(
          name,
          new Architecture(
              resNet(segmentation), new SegmentationHead(VOC_CLASSES), NormSettings.PYRAMID),
          513,
          VOC_CLASSES,
          Regularization.dropBlockInHead(4));
    }
    throw new IllegalArgumentException(
        "Unknown model: '"
            + name
            + "', write resnet50, resnet101, resnet152, cifar-resnet20, segmentation-r50 or"
            + " segmentation-r101");
  }

  private static ResNet resNet(Matcher name) {
    return new ResNet(Integer.parseInt(name.group(1)));
  }

  /** The shape of the class numbers of a batch of images: one an image, or one an output pixel. */
  public long[] labels(TensorShape images) {
    if (architecture.head() instanceof SegmentationHead segmentation) {
      int stride = stride(segmentation.pyramid().first());
      return new long[] {
        images.samples(),
        (images.height() + stride - 1) / stride,
        (images.width() + stride - 1) / stride
      };
    }
    return new long[] {images.samples(), 1};
  }

  private int stride(int level) {
    return architecture.trunk().levels().stream()
        .filter(one -> one.number() == level)
        .findFirst()
        .orElseThrow()
        .stride();
  }

  /**
   * Requires that DL4J has all layers of it.
   *
   * @throws IllegalArgumentException if it has not
   */
  public void requireStock() {
    if (architecture.head() instanceof SegmentationHead) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Cannot measure %s with stock DL4J: it has no layers for a feature pyramid; leave out"
                  + " --stock",
              name));
    }
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
  ComputationGraph network(int height, int width, boolean drops, boolean stock) {
    MapShape images = new MapShape(SyntheticBatches.CHANNELS, height, width);
    ComputationGraph network =
        architecture.network(images, drops ? dropBlock : Regularization.none(), OPTIMIZER, SEED);
    return stock
        ? StockLayers.of(network, InputType.convolutional(height, width, images.channels()))
        : network;
  }
}
