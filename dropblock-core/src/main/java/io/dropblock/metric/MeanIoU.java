package io.dropblock.metric;

import io.dropblock.metric.Scores.Score;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Mean intersection over union of semantic segmentation: of each class, the pixels that are of it
 * and were taken for it, by those that are of it or were taken for it, in all images together; then
 * the mean over the classes (Everingham et al., The PASCAL Visual Object Classes Challenge, IJCV
 * 2015). The background is a class like any other; void pixels count for nothing.
 *
 * <p>A class without any true and any predicted pixel is left out of the mean, as TensorFlow's
 * {@code mean_iou} does, by which the paper's code measures; a note names it, and its own score is
 * NaN. (VOC 2012's {@code VOCevalseg.m} takes it for 0, that of 2010 for NaN.) A class that was
 * only predicted has 0.
 */
public final class MeanIoU implements Metric<MeanIoU>, Confused {
  /** Label of pixels that do not count. */
  public static final int VOID = 255;

  private static final long serialVersionUID = 1L;

  private final List<String> classes;
  private final ConfusionMatrix pixels;
  private long brokenImages;

  /**
   * Starts without pixels.
   *
   * @param classes their names by label, all different, 1 to 255
   */
  public MeanIoU(List<String> classes) {
    this.classes = List.copyOf(classes);
    if (classes.isEmpty() || classes.size() > VOID) {
      throw new IllegalArgumentException(
          "Invalid classes: " + classes.size() + " are not 1 to " + VOID);
    }
    if (classes.stream().distinct().count() < classes.size()) {
      throw new IllegalArgumentException("Invalid classes: two have the same name");
    }
    pixels = new ConfusionMatrix(classes.size());
  }

  /**
   * Adds the pixels of some images.
   *
   * @param truth unsigned bytes: classes, or {@link #VOID}
   * @param predicted as many unsigned bytes: the classes with the highest scores
   * @return this
   * @throws IllegalArgumentException if there are not as many, or a class is none
   */
  public MeanIoU add(byte[] truth, byte[] predicted) {
    if (truth.length != predicted.length) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Cannot compare %d labels with %d predicted ones",
              truth.length,
              predicted.length));
    }
    for (int i = 0; i < truth.length; i++) {
      int label = truth[i] & 0xFF;
      if (label != VOID) {
        pixels.add(label, predicted[i] & 0xFF);
      }
    }
    return this;
  }

  /**
   * Adds an image for which an output of the network is not finite: it has no predicted classes,
   * and all scores are NaN from now on.
   *
   * @return this
   */
  public MeanIoU addNotFinite() {
    brokenImages++;
    return this;
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalArgumentException if {@code other} is of other classes
   */
  @Override
  public MeanIoU merge(MeanIoU other) {
    if (!classes.equals(other.classes)) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT, "Cannot merge mean IoU: of %s and %s", classes, other.classes));
    }
    pixels.add(other.pixels);
    brokenImages += other.brokenImages;
    return this;
  }

  /**
   * Main scores are {@code mIoU} and {@code pixel accuracy}, the share of pixels whose class was
   * found; details are {@code IoU <class>} for each class in order, NaN where it is left out.
   *
   * @throws IllegalStateException if no pixel of a class was added
   */
  @Override
  public Scores scores() {
    long total = pixels.total();
    if (total == 0 && brokenImages == 0) {
      throw new IllegalStateException("Cannot compute mean IoU: no pixel of a class was added");
    }
    List<Score> details = new ArrayList<>();
    List<String> absent = new ArrayList<>();
    double sum = 0;
    for (int label = 0; label < classes.size(); label++) {
      long union = pixels.union(label);
      double share = finite((double) pixels.intersection(label) / union);
      details.add(new Score("IoU " + classes.get(label), share));
      if (union == 0) {
        absent.add(classes.get(label));
      } else {
        sum += share;
      }
    }
    double mean = finite(sum / (classes.size() - absent.size()));
    double accuracy = finite((double) pixels.right() / total);
    return new Scores(
        List.of(new Score("mIoU", mean), new Score("pixel accuracy", accuracy)),
        details,
        notes(absent));
  }

  @Override
  public List<String> classes() {
    return classes;
  }

  /** Of pixels. */
  @Override
  public ConfusionMatrix confusion() {
    return pixels;
  }

  /** NaN, if an output of the network was not finite. */
  private double finite(double score) {
    return brokenImages > 0 ? Double.NaN : score;
  }

  private List<String> notes(List<String> absent) {
    if (brokenImages > 0) {
      return List.of("images whose outputs are not finite: " + brokenImages);
    }
    return absent.isEmpty()
        ? List.of()
        : List.of(
            "not in the mean, since no pixel is or was taken for it: " + String.join(", ", absent));
  }
}
