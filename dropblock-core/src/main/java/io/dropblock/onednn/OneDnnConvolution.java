package io.dropblock.onednn;

import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer.AlgoMode;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer.BwdDataAlgo;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer.BwdFilterAlgo;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer.FwdAlgo;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.mkldnn.MKLDNNConvHelper;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * DL4J's oneDNN helper for convolutions without its faults in 1.0.0-M2.1. Made by DL4J, not for use
 * by others.
 *
 * <ul>
 *   <li>Dilated kernels are left to DL4J's own way: ND4J asks oneDNN for them with a padding that
 *       ignores the dilation, which ends in an exception.
 *   <li>Arrays in f order are copied: of such an NHWC input ND4J gives a wrong result.
 * </ul>
 */
public class OneDnnConvolution extends MKLDNNConvHelper implements Accelerated {
  private boolean ranForward;
  private boolean ranBackward;

  /**
   * @param type of the layer; what is not FLOAT is left to DL4J's own way
   */
  public OneDnnConvolution(DataType type) {
    super(type);
  }

  @Override
  public boolean checkSupported() {
    return OneDnn.state().on();
  }

  @Override
  public INDArray preOutput(
      INDArray input,
      INDArray weights,
      INDArray bias,
      int[] kernel,
      int[] strides,
      int[] pad,
      AlgoMode mode,
      FwdAlgo forward,
      ConvolutionMode convolutionMode,
      int[] dilation,
      CNN2DFormat format,
      LayerWorkspaceMgr workspaces) {
    if (isDilated(kernel, dilation)) {
      return null;
    }
    INDArray output =
        super.preOutput(
            Layouts.inOrderC(input),
            weights,
            bias,
            kernel,
            strides,
            pad,
            mode,
            forward,
            convolutionMode,
            dilation,
            format,
            workspaces);
    ranForward |= output != null;
    return output;
  }

  @Override
  public Pair<Gradient, INDArray> backpropGradient(
      INDArray input,
      INDArray weights,
      INDArray bias,
      INDArray delta,
      int[] kernel,
      int[] strides,
      int[] pad,
      INDArray biasGradient,
      INDArray weightGradient,
      IActivation activation,
      AlgoMode mode,
      BwdFilterAlgo filter,
      BwdDataAlgo data,
      ConvolutionMode convolutionMode,
      int[] dilation,
      CNN2DFormat format,
      LayerWorkspaceMgr workspaces) {
    if (isDilated(kernel, dilation)) {
      return null;
    }
    Pair<Gradient, INDArray> gradients =
        super.backpropGradient(
            Layouts.inOrderC(input),
            weights,
            bias,
            Layouts.inOrderC(delta),
            kernel,
            strides,
            pad,
            biasGradient,
            weightGradient,
            activation,
            mode,
            filter,
            data,
            convolutionMode,
            dilation,
            format,
            workspaces);
    ranBackward |= gradients != null;
    return gradients;
  }

  private static boolean isDilated(int[] kernel, int[] dilation) {
    return (kernel[0] > 1 && dilation[0] > 1) || (kernel[1] > 1 && dilation[1] > 1);
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
