package io.dropblock.model;

import io.dropblock.model.Motifs.Gamma;
import io.dropblock.model.Regularization.Site;
import io.dropblock.optimizer.Optimizer;
import java.util.Locale;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;

/**
 * The small residual network of He et al. 2016, section 4.2, for images of 32x32: a 3x3
 * convolution, three groups of n basic blocks with 1, 2 and 4 times {@code filters} on maps of 32,
 * 16 and 8 pixels, global average, softmax. The depth is {@code 6 n + 2}. Other image sizes work as
 * well.
 *
 * <p>The DropBlock paper has no such network; the sites follow its ImageNet rule: after the first
 * convolution's normalisation and ReLU, after the second's normalisation, and on the shortcut.
 *
 * <p>Differences from He et al.: where the shape changes the shortcut is a 1x1 convolution with
 * normalisation (their option B) and not subsampling with zero channels (option A), which costs
 * ResNet-20 {@code 2,752} parameters more; the last gamma of each branch starts at 0 and weights
 * are drawn as for {@link ResNet}.
 *
 * @param depth {@code 6 n + 2} for n of at least 1: 8, 20, 32, 56, ...
 * @param filters of the first group, at least 1; 16 in the paper
 */
public record CifarResNet(int depth, int filters) implements Architecture {
  private static final int GROUPS = 3;
  private static final int PAPER_FILTERS = 16;

  /** Checks that the depth has a layout. */
  public CifarResNet {
    if (depth < 8 || (depth - 2) % 6 != 0) {
      throw new IllegalArgumentException(
          "Invalid CIFAR ResNet depth: " + depth + " is not 6 n + 2 with n of at least 1");
    }
    if (filters < 1) {
      throw new IllegalArgumentException("Invalid number of filters: " + filters);
    }
  }

  /** The width of the paper: 16, 32 and 64 filters. */
  public CifarResNet(int depth) {
    this(depth, PAPER_FILTERS);
  }

  @Override
  public String title() {
    return "CIFAR ResNet-" + depth;
  }

  @Override
  public int groups() {
    return GROUPS;
  }

  @Override
  public ComputationGraphConfiguration configuration(
      MapShape image, int classes, Regularization regularization, Optimizer optimizer, long seed) {
    Motifs motifs = Motifs.startOf(this, image, regularization, optimizer, seed);
    String last = motifs.convNormRelu("stem/", "", motifs.input(), filters, 3, 1);
    for (int group = 1; group <= GROUPS; group++) {
      for (int block = 0; block < (depth - 2) / 6; block++) {
        int stride = block == 0 && group > 1 ? 2 : 1;
        last = basic(motifs, group, block, last, filters << (group - 1), stride);
      }
    }
    return motifs.classify(last, classes);
  }

  private static String basic(
      Motifs motifs, int group, int block, String from, int filters, int stride) {
    String at = String.format(Locale.ROOT, "group%d/block%d/", group, block);

    String shortcut =
        stride == 1 ? from : motifs.convNorm(at, "-skip", from, filters, 1, stride, Gamma.ONE);
    shortcut = motifs.dropBlock(at, "-skip", shortcut, group, Site.SKIP);

    String branch = motifs.convNormRelu(at, "1", from, filters, 3, stride);
    branch = motifs.dropBlock(at, "1", branch, group, Site.BRANCH);
    branch = motifs.convNorm(at, "2", branch, filters, 3, 1, Gamma.ZERO);
    branch = motifs.dropBlock(at, "2", branch, group, Site.BRANCH);
    return motifs.join(at, group, branch, shortcut);
  }
}
