package io.dropblock.model;

import io.dropblock.loss.PixelCrossEntropy;
import io.dropblock.nn.pyramid.LevelNet;
import io.dropblock.nn.pyramid.LevelSettings;
import java.util.List;
import org.deeplearning4j.nn.conf.distribution.NormalDistribution;

/**
 * Semantic segmentation over a feature pyramid, as in {@code tensorflow/tpu:
 * models/official/retinanet/retinanet_segmentation_model.py}: convolutions whose weights all levels
 * share, normalised per level; the levels upsampled to the first one's size and added; that
 * normalised and rectified; a convolution to the classes. All convolutions are 3x3 and have a bias.
 *
 * <p>The output is logits, {@code [N, h, w, classes]}, of one pixel for {@code stride} pixels of
 * the image, rounded up, which is the stride of the pyramid's first level. The loss is {@link
 * PixelCrossEntropy}.
 *
 * <p>DropBlock's sites are behind each of the {@code convolutions}, on each level.
 *
 * @param classes number of classes with the background, 2 to 255
 * @param pyramid what it sits on
 * @param filters channels of its convolutions, at least 1; 256 in the reference
 * @param convolutions with a normalisation and a ReLU on each level, at least 0; 3 in the
 *     reference. One more without them follows
 */
public record SegmentationHead(int classes, Pyramid pyramid, int filters, int convolutions)
    implements Head {
  private static final String OUTPUT = "head/logits";

  private static final double DEVIATION = .01;

  /** Checks the ranges. */
  public SegmentationHead {
    if (classes < 2 || classes > PixelCrossEntropy.VOID) {
      throw new IllegalArgumentException(
          "Invalid number of classes: "
              + classes
              + " is not in 2 to 255, the label 255 stands for void");
    }
    if (filters < 1) {
      throw new IllegalArgumentException("Invalid number of filters: " + filters);
    }
    if (convolutions < 0) {
      throw new IllegalArgumentException("Invalid number of convolutions: " + convolutions);
    }
  }

  /** The reference's: levels 3 to 5, 256 filters, 3 convolutions. */
  public SegmentationHead(int classes) {
    this(classes, new Pyramid(3, 5, 256), 256, 3);
  }

  @Override
  public String title(String trunk) {
    return trunk + "-FPN segmentation";
  }

  @Override
  public List<String> outputs() {
    return List.of(OUTPUT);
  }

  @Override
  public boolean hasSites() {
    return convolutions > 0;
  }

  @Override
  public void addTo(Motifs graph, List<Level> levels) {
    String[] inputs =
        pyramid.addTo(graph, levels).stream().map(Level::vertex).toArray(String[]::new);
    LevelSettings.Builder shared =
        new LevelSettings.Builder(inputs.length, pyramid.filters())
            .convolutions(convolutions, filters)
            .outputs(filters, LevelNet.Output.SUM)
            .batchNorm(graph.norms().decay(), graph.norms().epsilon())
            .frozenNorms(graph.norms().frozen())
            .initialValues(DEVIATION, 0);
    graph.headBlock().ifPresent(shared::dropBlock);
    String sum = graph.vertex("head/levels", new LevelNet(shared.build()), inputs);
    String classified =
        graph.convolution(
            "head/classes",
            graph.norm("head/bn", sum, true),
            Motifs.convolution(classes, 3, 1)
                .hasBias(true)
                .weightInit(new NormalDistribution(0, DEVIATION)));
    graph.layer(OUTPUT, new PixelCrossEntropy(), classified);
  }
}
