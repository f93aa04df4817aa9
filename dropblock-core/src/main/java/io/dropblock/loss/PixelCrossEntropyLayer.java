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

/** The running layer. */
final class PixelCrossEntropyLayer extends AbstractLayer<PixelCrossEntropy>
    implements IOutputLayer {
  private static final long serialVersionUID = 1L;

  private INDArray labels;

  PixelCrossEntropyLayer(NeuralNetConfiguration configuration, DataType dataType) {
    super(configuration, dataType);
  }

  @Override
  public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
    assertInputSet(false);
    return workspaces.dup(ArrayType.ACTIVATIONS, input, 'c');
  }

  @Override
  public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
    INDArray gradient = pixels().gradient(input.size(0)).reshape('c', input.shape());
    return new Pair<>(
        new DefaultGradient(), workspaces.leverageTo(ArrayType.ACTIVATION_GRAD, gradient));
  }

  /** The loss, and what regularisation adds. */
  @Override
  public double computeScore(
      double regularization, boolean training, LayerWorkspaceMgr workspaces) {
    return pixels().loss() + regularization;
  }

  private Pixels pixels() {
    assertInputSet(true);
    if (labels == null || maskArray != null) {
      throw new IllegalStateException(
          String.format(
              Locale.ROOT,
              "Cannot compute the loss of '%s': %s",
              layerConf().getLayerName(),
              labels == null
                  ? "it has no labels"
                  : "mask arrays are not taken, the label of what does not count is "
                      + PixelCrossEntropy.VOID));
    }
    return new Pixels(input, labels);
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
  }

  @Override
  public void clear() {
    super.clear();
    labels = null;
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

  private static UnsupportedOperationException refusal() {
    return new UnsupportedOperationException(
        "Cannot use PixelCrossEntropy as a classifier of whole images: it is the end of a network"
            + " that labels pixels");
  }
}
