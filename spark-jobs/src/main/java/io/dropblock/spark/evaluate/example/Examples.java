package io.dropblock.spark.evaluate.example;

import io.dropblock.spark.data.image.ShownPixels;
import io.dropblock.spark.objective.Answers;
import io.dropblock.spark.objective.picture.Exhibit;
import java.io.Serializable;
import java.util.List;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The images of an evaluation that are shown, one part on each rank: those with the largest loss
 * (which is above 0) and the right ones with the smallest, and which class was taken for which. The
 * whole does not depend on how images were dealt to parts. Not thread-safe.
 */
public final class Examples implements Serializable {
  private static final long serialVersionUID = 1L;

  private final Extremes worst;
  private final Extremes right;
  private final ClassPairs pairs = new ClassPairs();

  /**
   * @param limits how many
   */
  public Examples(ExampleLimits limits) {
    worst = new Extremes(true, limits.worst());
    right = new Extremes(false, limits.right());
  }

  /**
   * Adds the images of a batch. What is to be seen is made for those only that are kept.
   *
   * @param place of the first one in the split
   * @param pixels of the batch
   * @param classes their names by number
   */
  public void add(Answers answers, long place, ShownPixels pixels, List<String> classes) {
    double[] losses = new double[answers.size()];
    for (int image = 0; image < losses.length; image++) {
      losses[image] = answers.loss(image);
      if (answers.truth(image) != Answers.NONE && answers.said(image) != Answers.NONE) {
        pairs.add(answers.truth(image), answers.said(image));
      }
    }
    Batch batch = new Batch(answers, losses, place, pixels, classes);
    batch.addTo(worst, image -> losses[image] > 0);
    batch.addTo(right, image -> losses[image] >= 0 && answers.isRight(image));
  }

  private record Batch(
      Answers answers, double[] losses, long place, ShownPixels pixels, List<String> classes) {

    /** The best come first, so that none of those that are drawn is left out again. */
    void addTo(Extremes extremes, IntPredicate belongs) {
      IntStream.range(0, losses.length)
          .filter(belongs)
          .mapToObj(image -> new Extremes.Candidate(losses[image], place + image))
          .sorted(extremes.order())
          .takeWhile(extremes::takes)
          .forEachOrdered(candidate -> extremes.add(example(candidate)));
    }

    private Example example(Extremes.Candidate candidate) {
      int image = (int) (candidate.place() - place);
      Exhibit exhibit = answers.exhibit(image, pixels, classes);
      return new Example(candidate.place(), candidate.loss(), answers.isRight(image), exhibit);
    }
  }

  /** Adds another part; that one is not to be used any more. Returns this. */
  public Examples merge(Examples other) {
    worst.merge(other.worst);
    right.merge(other.right);
    pairs.merge(other.pairs);
    return this;
  }

  /** Those with the largest loss, the largest first, right ones among them where few are wrong. */
  public List<Example> worst() {
    return worst.kept();
  }

  /** The right ones with the smallest loss, the smallest first, without those of {@link #worst}. */
  public List<Example> right() {
    Set<Long> shown = worst().stream().map(Example::place).collect(Collectors.toSet());
    return right.kept().stream().filter(it -> !shown.contains(it.place())).toList();
  }

  /** Which class was taken for which, of images that have one; empty where nothing is shown. */
  public ClassPairs pairs() {
    return pairs;
  }
}
