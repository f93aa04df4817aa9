package io.dropblock.bench.step.workload;

import io.dropblock.bench.figure.TensorShape;
import io.dropblock.detection.AnchorSettings;
import io.dropblock.detection.Anchors;
import io.dropblock.genotype.Genotype;
import io.dropblock.model.AmoebaNet;
import io.dropblock.model.Architecture;
import io.dropblock.model.Auxiliary;
import io.dropblock.model.CifarResNet;
import io.dropblock.model.ClassificationHead;
import io.dropblock.model.DetectionHead;
import io.dropblock.model.Level;
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
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
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
  private static final Pattern RETINANET = Pattern.compile("retinanet-r([1-9]\\d{1,3})");
  private static final Pattern AMOEBANET =
      Pattern.compile("amoebanet-b(?:-([1-9]\\d?)-([1-9]\\d{1,3}))?");
  private static final String AMOEBANET_TOY = "amoebanet-toy";
  private static final int VOC_CLASSES = 21;

  /** ImageNet's, and the background. */
  private static final int AMOEBANET_CLASSES = 1001;

  /** Its numbers go to 90; ten are not in use. */
  private static final int COCO_CLASSES = 90;

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
    Matcher retinanet = RETINANET.matcher(name);
    if (retinanet.matches()) {
      return new StepModel(
          name,
          new Architecture(
              resNet(retinanet), new DetectionHead(COCO_CLASSES), NormSettings.PYRAMID),
          640,
          COCO_CLASSES,
          Regularization.dropBlock(5, List.of(3, 4)));
    }
    Matcher amoebaNet = AMOEBANET.matcher(name);
    if (amoebaNet.matches()) {
      boolean small = amoebaNet.group(1) == null;
      var trunk =
          new AmoebaNet(
              small ? 3 : Integer.parseInt(amoebaNet.group(1)),
              small ? 64 : Integer.parseInt(amoebaNet.group(2)));
      return amoebaNet(name, trunk, 331, AMOEBANET_CLASSES, .5, 11);
    }
    if (name.equals(AMOEBANET_TOY)) {
      return amoebaNet(name, new AmoebaNet(1, 8, 16, Genotype.AMOEBANET_B), 80, 10, 1, 3);
    }
    throw new IllegalArgumentException(
        "Unknown model: '"
            + name
            + "', write resnet50, resnet101, resnet152, cifar-resnet20, segmentation-r50,"
            + " segmentation-r101, retinanet-r50, retinanet-r101, amoebanet-b,"
            + " amoebanet-b-6-256 or amoebanet-toy");
  }

  /** With the auxiliary classifier. */
  private static StepModel amoebaNet(
      String name, AmoebaNet trunk, int size, int classes, double keep, int block) {
    var head = new ClassificationHead(classes, 0, keep, Optional.of(new Auxiliary(4, .4)));
    return new StepModel(
        name,
        new Architecture(trunk, head, NormSettings.CLASSIFICATION),
        size,
        classes,
        Regularization.dropBlock(block, List.of(2)));
  }

  private static ResNet resNet(Matcher name) {
    return new ResNet(Integer.parseInt(name.group(1)));
  }

  /** Labels for a batch of images. */
  public SyntheticLabels labels(TensorShape images) {
    return SyntheticLabels.of(this, images);
  }

  /** Pixels of the image for one of a level of the pyramid, or of the trunk. */
  int stride(int level) {
    Level last = architecture.trunk().levels().get(architecture.trunk().groups() - 1);
    return architecture.trunk().levels().stream()
        .filter(one -> one.number() == level)
        .mapToInt(Level::stride)
        .findFirst()
        .orElseGet(() -> last.stride() << (level - last.number()));
  }

  /**
   * The anchors of a detector.
   *
   * @throws IllegalArgumentException if the images are no squares
   */
  Anchors anchors(DetectionHead head, TensorShape images) {
    if (images.height() != images.width()) {
      throw new IllegalArgumentException("Cannot lay anchors on " + images + ": it is no square");
    }
    return new Anchors(
        AnchorSettings.REFERENCE,
        images.height(),
        IntStream.rangeClosed(head.pyramid().first(), head.pyramid().last())
            .mapToObj(this::stride)
            .toList());
  }

  /**
   * Requires that DL4J has all layers of it.
   *
   * @throws IllegalArgumentException if it has not
   */
  public void requireStock() {
    if (!(architecture.head() instanceof ClassificationHead)) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Cannot measure %s with stock DL4J: it has no layers for a feature pyramid; leave out"
                  + " --stock",
              name));
    }
    if (architecture.trunk().hasCells()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Cannot measure %s with stock DL4J: it has no layer for a factorised reduction; leave"
                  + " out --stock",
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
