package io.dropblock.loss;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.shape.OneHot;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Log1p;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * The focal loss of each logit by its definition, in the type of the logits. With {@code z} the
 * logit of the class that an anchor has, and minus the logit of another one, and {@code s} the
 * logistic function: {@code weight * s(-z)^gamma * -log s(z)}.
 */
final class FocalTerms {
  private final double gamma;

  /** 1 for the class that an anchor has, else -1: {@code [anchors, classes]}, as all the rest. */
  private final INDArray sign;

  private final INDArray weight;

  /** {@code s(z)}. */
  private final INDArray right;

  /** {@code s(-z)}. */
  private final INDArray wrong;

  /** {@code s(-z)^gamma}. */
  private final INDArray focus;

  /** {@code -log s(z)}. */
  private final INDArray entropy;

  /**
   * @param logits {@code [anchors, classes]}
   * @param numbers class of each anchor, -1 for none
   */
  FocalTerms(INDArray logits, int[] numbers, double alpha, double gamma) {
    this.gamma = gamma;
    DataType type = logits.dataType();
    int classes = Math.toIntExact(logits.size(1));
    INDArray truth =
        Nd4j.exec(new OneHot(Nd4j.createFromArray(numbers), classes, 1, 1, 0, type))[0];
    sign = truth.mul(2).subi(1);
    weight = truth.mul(2 * alpha - 1).addi(1 - alpha);
    INDArray z = logits.mul(sign);
    right = Transforms.sigmoid(z, true);
    wrong = Transforms.sigmoid(z.neg(), false);
    focus = Transforms.pow(wrong, gamma, true);
    // log(1 + exp(-z)), so that no exponential overflows
    INDArray small = Transforms.exp(Transforms.abs(z, true).negi(), false);
    entropy = Transforms.max(z.neg(), 0, false).addi(Nd4j.getExecutioner().exec(new Log1p(small)));
  }

  double sum() {
    return weight.mul(focus).muli(entropy).castTo(DataType.DOUBLE).sumNumber().doubleValue();
  }

  /** That of the sum, times {@code factor}: {@code [anchors, classes]}. */
  INDArray gradient(double factor) {
    INDArray slope = right.mul(entropy).muli(gamma).addi(wrong).muli(focus);
    return slope.muli(weight).muli(sign).muli(-factor);
  }
}
