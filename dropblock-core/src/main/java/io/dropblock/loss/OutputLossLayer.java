package io.dropblock.loss;

import java.util.List;
import java.util.Locale;
import org.deeplearning4j.nn.api.layers.IOutputLayer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.AbstractLayer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;

/**
 * The running layer. DL4J asks for the gradient and then for the score of the same input: the loss
 * that came with the gradient is kept until then.
 */
final class OutputLossLayer extends AbstractLayer<OutputLoss> implements IOutputLayer {
  private static final long serialVersionUID = 1L;

  private INDArray labels;

  /** Of this input and these labels; null if it is not known. */
  private Double loss;

  OutputLossLayer(NeuralNetConfiguration configuration, DataType dataType) {
    super(configuration, dataType);
  }

  @Override
  public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
    assertInputSet(false);
    return workspaces.dup(ArrayType.ACTIVATIONS, input, 'c');
  }

  /** DL4J divides gradients by the number of images; this one is multiplied by it before. */
  @Override
  public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
    requireLabels();
    INDArray gradient =
        workspaces.createUninitialized(
            ArrayType.ACTIVATION_GRAD, input.dataType(), input.shape(), 'c');
    loss = layerConf().gradient(input, labels, input.size(0), gradient);
    return new Pair<>(new DefaultGradient(), gradient);
  }

  /** The loss, and what regularisation adds. */
  @Override
  public double computeScore(
      double regularization, boolean training, LayerWorkspaceMgr workspaces) {
    requireLabels();
    double known = loss == null ? layerConf().loss(input, labels) : loss;
    loss = null;
    return known + regularization;
  }

  private void requireLabels() {
    assertInputSet(true);
    if (labels == null || maskArray != null) {
      throw new IllegalStateException(
          String.format(
              Locale.ROOT,
              "Cannot compute the loss of '%s': %s",
              layerConf().getLayerName(),
              labels == null
                  ? "it has no labels"
                  : "mask arrays are not taken, " + layerConf().insteadOfMask()));
    }
  }

  @Override
  public boolean needsLabels() {
    return true;
  }

  @Override
  public INDArray getLabels() {
    return labels;
  }

  @Override
  public void setLabels(INDArray labels) {
    this.labels = labels;
    loss = null;
  }

  @Override
  public void setInput(INDArray input, LayerWorkspaceMgr workspaces) {
    super.setInput(input, workspaces);
    loss = null;
  }

  @Override
  public void clear() {
    super.clear();
    labels = null;
    loss = null;
  }

  @Override
  public boolean isPretrainLayer() {
    return false;
  }

  @Override
  public void clearNoiseWeightParams() {
    // has no weights
  }

  @Override
  public INDArray computeScoreForExamples(double regularization, LayerWorkspaceMgr workspaces) {
    throw refusal();
  }

  @Override
  public double f1Score(DataSet data) {
    throw refusal();
  }

  @Override
  public double f1Score(INDArray examples, INDArray truth) {
    throw refusal();
  }

  @Override
  @SuppressWarnings("deprecation") // but not gone
  public int numLabels() {
    throw refusal();
  }

  @Override
  public int[] predict(INDArray examples) {
    throw refusal();
  }

  @Override
  public List<String> predict(DataSet data) {
    throw refusal();
  }

  @Override
  public void fit(DataSetIterator iterator) {
    throw refusal();
  }

  @Override
  public void fit(INDArray examples, INDArray truth) {
    throw refusal();
  }

  @Override
  public void fit(DataSet data) {
    throw refusal();
  }

  @Override
  public void fit(INDArray examples, int[] truth) {
    throw refusal();
  }

  private UnsupportedOperationException refusal() {
    return new UnsupportedOperationException(
        String.format(
            Locale.ROOT,
            "Cannot use %s as a classifier of whole images: it is the end of a network that says"
                + " more than one thing of an image",
            layerConf().getClass().getSimpleName()));
  }
}
