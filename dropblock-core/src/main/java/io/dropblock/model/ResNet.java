package io.dropblock.model;

import io.dropblock.model.Motifs.Gamma;
import io.dropblock.model.Regularization.Site;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The ImageNet residual network of bottleneck blocks (He et al. 2016, table 1) in the form that the
 * paper trained, {@code tensorflow/tpu: models/official/resnet/resnet_model.py}:
 *
 * <ul>
 *   <li>"v1.5": a group's stride sits in the 3x3 convolution of its block 0, where He et al. have
 *       it in the first 1x1.
 *   <li>Block 0 of every group, group 1 too, projects its shortcut: 1x1 convolution and batch
 *       normalisation.
 *   <li>The last normalisation of each branch starts with gamma 0, so that a fresh block passes its
 *       shortcut on.
 * </ul>
 *
 * DropBlock comes at most four times in a block: after each of the three convolutions'
 * normalisation (and ReLU, where there is one), and on the shortcut. For ResNet-50, groups 3 and 4,
 * that makes 36 sites, 27 of them in branches.
 *
 * @param depth 50, 101 or 152
 * @param filters of the first group's 3x3 convolutions, at least 1; 64 in the paper
 * @param maxPool how the maps are padded before the first maxima
 */
public record ResNet(int depth, int filters, PoolPadding maxPool) implements Trunk {
  private static final Map<Integer, int[]> BLOCKS =
      Map.of(
          50, new int[] {3, 4, 6, 3},
          101, new int[] {3, 4, 23, 3},
          152, new int[] {3, 8, 36, 3});
  private static final int PAPER_FILTERS = 64;
  private static final int EXPANSION = 4;

  /** Checks that the depth has a layout. */
  public ResNet {
    if (!BLOCKS.containsKey(depth)) {
      throw new IllegalArgumentException(
          "Invalid ResNet depth: " + depth + " is none of 50, 101, 152");
    }
    if (filters < 1) {
      throw new IllegalArgumentException("Invalid number of filters: " + filters);
    }
  }

  /** With the reference's padding. */
  public ResNet(int depth, int filters) {
    this(depth, filters, PoolPadding.SAME);
  }

  /** The width of the paper. */
  public ResNet(int depth) {
    this(depth, PAPER_FILTERS);
  }

  @Override
  public String title() {
    return "ResNet-" + depth;
  }

  @Override
  public List<Level> levels() {
    int[] blocks = BLOCKS.get(depth);
    return IntStream.rangeClosed(1, blocks.length)
        .mapToObj(
            group ->
                new Level(
                    group + 1,
                    at(group, blocks[group - 1] - 1) + Motifs.SUM,
                    (filters << (group - 1)) * EXPANSION,
                    2 << group))
        .toList();
  }

  @Override
  public void addTo(Motifs graph) {
    String last = graph.convNormRelu("stem/", "", graph.input(), filters, 7, 2);
    last = graph.maxPool("stem/pool", last, maxPool);
    int[] blocks = BLOCKS.get(depth);
    for (int group = 1; group <= blocks.length; group++) {
      int width = filters << (group - 1);
      for (int block = 0; block < blocks[group - 1]; block++) {
        int stride = block == 0 && group > 1 ? 2 : 1;
        last = bottleneck(graph, group, block, last, width, stride);
      }
    }
  }

  private static String bottleneck(
      Motifs graph, int group, int block, String from, int filters, int stride) {
    String at = at(group, block);
    int wide = filters * EXPANSION;

    String shortcut =
        block == 0 ? graph.convNorm(at, "-skip", from, wide, 1, stride, Gamma.ONE) : from;
    shortcut = graph.dropBlock(at, "-skip", shortcut, group, Site.SKIP);

    String branch = graph.convNormRelu(at, "1", from, filters, 1, 1);
    branch = graph.dropBlock(at, "1", branch, group, Site.BRANCH);
    branch = graph.convNormRelu(at, "2", branch, filters, 3, stride);
    branch = graph.dropBlock(at, "2", branch, group, Site.BRANCH);
    branch = graph.convNorm(at, "3", branch, wide, 1, 1, Gamma.ZERO);
    branch = graph.dropBlock(at, "3", branch, group, Site.BRANCH);
    return graph.join(at, group, branch, shortcut);
  }

  private static String at(int group, int block) {
    return String.format(Locale.ROOT, "group%d/block%d/", group, block);
  }
}
