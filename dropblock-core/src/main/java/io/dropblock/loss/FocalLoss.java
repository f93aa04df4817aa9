package io.dropblock.loss;

import io.dropblock.cpu.FocalLoops;
import java.util.Locale;
import java.util.Objects;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * The output layer for the classes of a dense object detector, and its focal loss (Lin et al. 2017,
 * arXiv 1708.02002, section 3). It reads logits {@code [n, positions, anchors * classes]} and gives
 * them as they are. Every class of every anchor is a question of its own, with the probability
 * {@code p} of the right answer, and costs
 *
 * <pre>{@code weight * (1 - p)^gamma * -log p}</pre>
 *
 * where the weight is {@code alpha} for the class that the anchor has, and {@code 1 - alpha} for
 * the others. The loss is the sum over the micro-batch, divided by the number of its anchors that
 * have an object, plus 1, as in {@code tensorflow/tpu: models/official/retinanet}. A step of
 * several micro-batches or ranks takes the mean of theirs, each divided by its own number.
 *
 * <p>Labels are class numbers, {@code [n, positions * anchors]} of any numeric type: 0 to {@code
 * classes - 1}, or {@link #NO_OBJECT}. Others are refused, and so are mask arrays.
 *
 * <p>No size of a logit overflows: probabilities are never taken the logarithm of.
 */
public final class FocalLoss extends AnchorLoss {
  private static final long serialVersionUID = 1L;

  /** The label of an anchor without an object. */
  public static final int NO_OBJECT = -1;

  @JsonProperty private final int classes;
  @JsonProperty private final double alpha;
  @JsonProperty private final double gamma;

  /**
   * The paper has alpha 0.25 and gamma 2; DropBlock's RetinaNet 0.25 and 1.5.
   *
   * @param classes at least 1; there is no background among them
   * @param alpha weight of the class that an anchor has, in [0, 1]
   * @param gamma how much less a question counts that is answered well, at least 0; 0 for sigmoid
   *     cross entropy
   * @throws IllegalArgumentException if a value is out of its range
   */
  @JsonCreator
  public FocalLoss(
      @JsonProperty("classes") int classes,
      @JsonProperty("alpha") double alpha,
      @JsonProperty("gamma") double gamma) {
    require(classes >= 1, "the number of classes", classes, "at least 1");
    require(alpha >= 0 && alpha <= 1, "alpha", alpha, "in [0, 1]");
    require(gamma >= 0 && Double.isFinite(gamma), "gamma", gamma, "finite and at least 0");
    this.classes = classes;
    this.alpha = alpha;
    this.gamma = gamma;
  }

  private static void require(boolean right, String what, Number value, String needed) {
    if (!right) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT, "Cannot make a FocalLoss: %s is %s, %s is needed", what, value, needed));
    }
  }

  @Override
  int width() {
    return classes;
  }

  @Override
  double loss(INDArray logits, INDArray labels) {
    INDArray rows = rows(logits, labels);
    AnchorClasses truth = AnchorClasses.of(labels, classes);
    FocalLoops loops = loops();
    double sum = loops.take(logits) ? loops.sum(logits, truth.numbers()) : terms(rows, truth).sum();
    return sum / parts(truth);
  }

  @Override
  double gradient(INDArray logits, INDArray labels, double factor, INDArray gradient) {
    INDArray rows = rows(logits, labels);
    AnchorClasses truth = AnchorClasses.of(labels, classes);
    double parts = parts(truth);
    FocalLoops loops = loops();
    if (loops.take(logits, gradient)) {
      return loops.gradient(logits, truth.numbers(), factor / parts, gradient) / parts;
    }
    FocalTerms terms = terms(rows, truth);
    gradient.assign(terms.gradient(factor / parts).reshape('c', gradient.shape()));
    return terms.sum() / parts;
  }

  private FocalLoops loops() {
    return new FocalLoops(classes, alpha, gamma);
  }

  private FocalTerms terms(INDArray rows, AnchorClasses truth) {
    return new FocalTerms(rows, truth.numbers(), alpha, gamma);
  }

  private static double parts(AnchorClasses truth) {
    return truth.objects() + 1.0;
  }

  @Override
  String insteadOfMask() {
    return "the label of an anchor without an object is " + NO_OBJECT;
  }

  @Override
  public FocalLoss clone() {
    return (FocalLoss) super.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof FocalLoss that
        && classes == that.classes
        && alpha == that.alpha
        && gamma == that.gamma
        && super.equals(other);
  }

  @Override
  protected boolean canEqual(Object other) {
    return other instanceof FocalLoss;
  }

  @Override
  public int hashCode() {
    return Objects.hash(super.hashCode(), classes, alpha, gamma);
  }
}
