package io.dropblock.onednn;

import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.mkldnn.MKLDNNBatchNormHelper;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * DL4J's oneDNN helper for batch normalisation without its fault in 1.0.0-M2.1: of an input in f
 * order ND4J gives a wrong result, as it takes scales for shifts, so such an input is copied. Made
 * by DL4J, not for use by others.
 */
public class OneDnnBatchNormalization extends MKLDNNBatchNormHelper implements Accelerated {
  private boolean ranForward;
  private boolean ranBackward;

  /**
   * @param type of the layer; what is not FLOAT is left to DL4J's own way
   */
  public OneDnnBatchNormalization(DataType type) {
    super(type);
  }

  @Override
  public boolean checkSupported() {
    return OneDnn.state().on();
  }

  /** Scale and shift that are not learned are left to DL4J's own way. */
  @Override
  public boolean checkSupported(double epsilon, boolean fixedGammaBeta) {
    return !fixedGammaBeta && checkSupported();
  }

  @Override
  public INDArray preOutput(
      INDArray input,
      boolean training,
      long[] shape,
      INDArray gamma,
      INDArray beta,
      INDArray mean,
      INDArray variance,
      double decay,
      double epsilon,
      CNN2DFormat format,
      LayerWorkspaceMgr workspaces) {
    INDArray output =
        super.preOutput(
            Layouts.inOrderC(input),
            training,
            shape,
            gamma,
            beta,
            mean,
            variance,
            decay,
            epsilon,
            format,
            workspaces);
    ranForward |= output != null;
    return output;
  }

  @Override
  public Pair<Gradient, INDArray> backpropGradient(
      INDArray input,
      INDArray delta,
      long[] shape,
      INDArray gamma,
      INDArray beta,
      INDArray gammaGradient,
      INDArray betaGradient,
      double epsilon,
      CNN2DFormat format,
      LayerWorkspaceMgr workspaces) {
    Pair<Gradient, INDArray> gradients =
        super.backpropGradient(
            Layouts.inOrderC(input),
            delta,
            shape,
            gamma,
            beta,
            gammaGradient,
            betaGradient,
            epsilon,
            format,
            workspaces);
    ranBackward |= gradients != null;
    return gradients;
  }

  @Override
  public boolean ranForward() {
    return ranForward;
  }

  @Override
  public boolean ranBackward() {
    return ranBackward;
  }
}
