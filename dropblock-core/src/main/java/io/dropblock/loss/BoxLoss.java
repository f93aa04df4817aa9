package io.dropblock.loss;

import java.util.Locale;
import java.util.Objects;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * The output layer for the boxes of a dense object detector, and its Huber loss. It reads box codes
 * {@code [n, positions, anchors * 4]} and gives them as they are. A code that misses its target by
 * {@code x} costs {@code x^2 / 2} up to {@code delta}, and {@code delta * |x| - delta^2 / 2}
 * beyond. The loss is {@code weight} times the sum over the micro-batch, divided by 4 times the
 * number of its anchors that have an object, plus 1: {@code 4 * (objects + 1)}. A step of several
 * micro-batches or ranks takes the mean of theirs, each divided by its own number.
 *
 * <p>Labels are {@code [n, positions * anchors, 5]}: 1 if the anchor has an object, else 0, and
 * then the codes of its box, ty, tx, th, tw, all 0 if it has none. Others are refused, and so are
 * mask arrays.
 *
 * <p>A target of exactly 0 does not count, also where the anchor has an object: so it is in {@code
 * tensorflow/tpu: models/official/retinanet/losses.py}, which finds the anchors without an object
 * that way.
 */
public final class BoxLoss extends AnchorLoss {
  private static final long serialVersionUID = 1L;

  private static final int CODES = 4;

  @JsonProperty private final double delta;
  @JsonProperty private final double weight;

  /**
   * DropBlock's RetinaNet has delta 0.1 and weight 50.
   *
   * @param delta where the loss becomes a straight line, above 0
   * @param weight of the loss, above 0
   * @throws IllegalArgumentException if a value is out of its range
   */
  @JsonCreator
  public BoxLoss(@JsonProperty("delta") double delta, @JsonProperty("weight") double weight) {
    require("delta", delta);
    require("weight", weight);
    this.delta = delta;
    this.weight = weight;
  }

  private static void require(String what, double value) {
    if (!(value > 0 && Double.isFinite(value))) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Cannot make a BoxLoss: its %s is %s, a finite number above 0 is needed",
              what,
              value));
    }
  }

  @Override
  int width() {
    return CODES;
  }

  @Override
  double loss(INDArray codes, INDArray labels) {
    BoxErrors errors = errors(codes, labels);
    return errors.sum() * scale(errors);
  }

  @Override
  double gradient(INDArray codes, INDArray labels, double factor, INDArray gradient) {
    BoxErrors errors = errors(codes, labels);
    double scale = scale(errors);
    gradient.assign(errors.gradient(factor * scale).reshape('c', gradient.shape()));
    return errors.sum() * scale;
  }

  private BoxErrors errors(INDArray codes, INDArray labels) {
    INDArray rows = rows(codes, labels, CODES + 1);
    return new BoxErrors(rows, labels.reshape('c', rows.size(0), CODES + 1), delta);
  }

  private double scale(BoxErrors errors) {
    return weight / (CODES * (errors.objects() + 1));
  }

  @Override
  String insteadOfMask() {
    return "the label of an anchor without an object begins with 0";
  }

  @Override
  public BoxLoss clone() {
    return (BoxLoss) super.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof BoxLoss that
        && delta == that.delta
        && weight == that.weight
        && super.equals(other);
  }

  @Override
  protected boolean canEqual(Object other) {
    return other instanceof BoxLoss;
  }

  @Override
  public int hashCode() {
    return Objects.hash(super.hashCode(), delta, weight);
  }
}
