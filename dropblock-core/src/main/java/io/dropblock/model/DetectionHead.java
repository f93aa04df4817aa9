package io.dropblock.model;

import io.dropblock.loss.BoxLoss;
import io.dropblock.loss.FocalLoss;
import io.dropblock.nn.pyramid.LevelNet;
import io.dropblock.nn.pyramid.LevelSettings;
import io.dropblock.nn.pyramid.Upsampling;
import java.util.List;

/**
 * Object detection over a feature pyramid: RetinaNet (Lin et al. 2017), as in {@code
 * tensorflow/tpu: models/official/retinanet/retinanet_architecture.py}. Two nets of convolutions,
 * one for classes, one for boxes; their weights are those of all levels, their normalisations of
 * each. All convolutions are 3x3 and have a bias.
 *
 * <p>Both outputs have the positions of all levels in a row, the finest level first, row by row. At
 * a position come all classes of the first anchor, then of the second; and so four numbers an
 * anchor of the boxes. At first every class of every anchor has a probability of about 0.01.
 *
 * <p>The losses are {@link FocalLoss} (0.25, 1.5) and {@link BoxLoss} (0.1, weight 50); the
 * network's is their sum.
 *
 * <p>DropBlock's sites are behind each of the {@code convolutions} of both nets, on each level.
 *
 * @param classes number of classes, at least 1; there is no background among them
 * @param pyramid what it sits on
 * @param filters channels of the convolutions of both nets, at least 1; 256 in the reference
 * @param convolutions of each net before its last one, with a normalisation and a ReLU on each
 *     level, at least 0; 4 in the reference
 * @param anchors of a position, at least 1; 9 in the reference
 */
public record DetectionHead(
    int classes, Pyramid pyramid, int filters, int convolutions, int anchors) implements Head {
  /** Logits of the classes, {@code [N, positions, anchors * classes]}. */
  public static final String CLASSES = "head/classes";

  /** Box codes, {@code [N, positions, anchors * 4]}. */
  public static final String BOXES = "head/boxes";

  private static final int SIDES = 4;
  private static final double DEVIATION = .01;

  /** Of any class at any anchor, before training. */
  private static final double FIRST_PROBABILITY = .01;

  private static final double FOCAL_ALPHA = .25;
  private static final double FOCAL_GAMMA = 1.5;
  private static final double BOX_DELTA = .1;
  private static final double BOX_WEIGHT = 50;

  /** Checks the ranges. */
  public DetectionHead {
    requirePositive("classes", classes);
    requirePositive("filters", filters);
    requirePositive("anchors", anchors);
    if (convolutions < 0) {
      throw new IllegalArgumentException("Invalid number of convolutions: " + convolutions);
    }
  }

  private static void requirePositive(String what, int number) {
    if (number < 1) {
      throw new IllegalArgumentException("Invalid number of " + what + ": " + number);
    }
  }

  /** The reference's: levels 3 to 7, 256 filters, 4 convolutions, 9 anchors. */
  public DetectionHead(int classes) {
    this(classes, new Pyramid(3, 7, 256, Upsampling.NEAREST), 256, 4, 9);
  }

  @Override
  public String title(String trunk) {
    return "RetinaNet " + trunk + "-FPN";
  }

  @Override
  public List<String> outputs() {
    return List.of(CLASSES, BOXES);
  }

  @Override
  public boolean hasSites() {
    return convolutions > 0;
  }

  @Override
  public void addTo(Motifs graph, List<Level> levels) {
    String[] inputs =
        pyramid.addTo(graph, levels).stream().map(Level::vertex).toArray(String[]::new);
    double bias = -Math.log((1 - FIRST_PROBABILITY) / FIRST_PROBABILITY);
    LevelNet classNet = net(graph, Math.multiplyExact(anchors, classes), bias);
    graph.layer(
        CLASSES,
        new FocalLoss(classes, FOCAL_ALPHA, FOCAL_GAMMA),
        graph.vertex("head/class-net", classNet, inputs));
    LevelNet boxNet = net(graph, Math.multiplyExact(anchors, SIDES), 0);
    graph.layer(
        BOXES, new BoxLoss(BOX_DELTA, BOX_WEIGHT), graph.vertex("head/box-net", boxNet, inputs));
  }

  private LevelNet net(Motifs graph, int outputs, double lastBias) {
    LevelSettings.Builder shared =
        new LevelSettings.Builder(pyramid.last() - pyramid.first() + 1, pyramid.filters())
            .convolutions(convolutions, filters)
            .outputs(outputs, LevelNet.Output.POSITIONS)
            .batchNorm(graph.norms().decay(), graph.norms().epsilon())
            .initialValues(DEVIATION, lastBias);
    graph.headBlock().ifPresent(shared::dropBlock);
    return new LevelNet(shared.build());
  }
}
