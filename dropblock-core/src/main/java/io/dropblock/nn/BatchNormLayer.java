package io.dropblock.nn;

import static org.deeplearning4j.nn.params.BatchNormalizationParamInitializer.BETA;
import static org.deeplearning4j.nn.params.BatchNormalizationParamInitializer.GAMMA;
import static org.deeplearning4j.nn.params.BatchNormalizationParamInitializer.GLOBAL_LOG_STD;
import static org.deeplearning4j.nn.params.BatchNormalizationParamInitializer.GLOBAL_MEAN;

import io.dropblock.cpu.NormLoops;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.normalization.BatchNormalization;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.transforms.custom.GreaterThan;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/** The running layer. */
final class BatchNormLayer extends BatchNormalization {
  private static final long serialVersionUID = 1L;

  /** Statistics of the last batch, outside all workspaces; made at the first use. */
  private transient INDArray batchMean;

  private transient INDArray batchVariance;

  /** What a ReLU gave in DL4J's own way, to tell where it cut off. */
  private transient INDArray rectified;

  BatchNormLayer(NeuralNetConfiguration configuration, DataType dataType) {
    super(configuration, dataType);
  }

  @Override
  public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
    assertInputSet(false);
    if (!isForLoops(input)) {
      INDArray output = super.activate(training, workspaces);
      rectified = relu() ? Transforms.relu(output, false) : null;
      return output;
    }
    INDArray output =
        workspaces.createUninitialized(ArrayType.ACTIVATIONS, input.dataType(), input.shape(), 'c');
    if (training) {
      batchLoops().forward(input, output, true);
    } else {
      movingLoops().forward(input, output, false);
    }
    return output;
  }

  @Override
  public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
    assertInputSet(true);
    if (!isForLoops(input)) {
      return super.backpropGradient(rectified == null ? epsilon : cutOff(epsilon), workspaces);
    }
    INDArray dy = NormLoops.take(epsilon) ? epsilon : epsilon.dup('c');
    INDArray dx =
        workspaces.createUninitialized(
            ArrayType.ACTIVATION_GRAD, input.dataType(), input.shape(), 'c');
    NormLoops loops = batchLoops();
    loops.backward(input, dy, dx, gradientViews.get(GAMMA), gradientViews.get(BETA));
    loops.updates(
        getParam(GLOBAL_MEAN),
        getParam(GLOBAL_LOG_STD),
        layerConf().getDecay(),
        gradientViews.get(GLOBAL_MEAN),
        gradientViews.get(GLOBAL_LOG_STD));
    Gradient gradient = new DefaultGradient();
    for (String name : new String[] {GAMMA, BETA, GLOBAL_MEAN, GLOBAL_LOG_STD}) {
      gradient.setGradientFor(name, gradientViews.get(name));
    }
    return new Pair<>(gradient, dx);
  }

  private INDArray cutOff(INDArray epsilon) {
    INDArray passed = Nd4j.createUninitialized(DataType.BOOL, epsilon.shape());
    Nd4j.exec(new GreaterThan(rectified, rectified.like(), passed));
    return epsilon.mul(passed.castTo(epsilon.dataType()));
  }

  private boolean isForLoops(INDArray maps) {
    return layerConf().isUseLogStd() && !layerConf().isLockGammaBeta() && NormLoops.take(maps);
  }

  private boolean relu() {
    return ((BatchNorm) layerConf()).relu();
  }

  private NormLoops batchLoops() {
    if (batchMean == null) {
      batchMean = Nd4j.createUninitializedDetached(DataType.FLOAT, layerConf().getNOut());
      batchVariance = Nd4j.createUninitializedDetached(DataType.FLOAT, layerConf().getNOut());
    }
    return loops(batchMean, batchVariance);
  }

  private NormLoops movingLoops() {
    INDArray variance = Transforms.exp(getParam(GLOBAL_LOG_STD).mul(2 * Math.log(10)), false);
    return loops(getParam(GLOBAL_MEAN), variance);
  }

  private NormLoops loops(INDArray mean, INDArray variance) {
    return new NormLoops(
        getParam(GAMMA),
        getParam(BETA),
        mean,
        variance,
        layerConf().getEps(),
        relu(),
        layerConf().getCnn2DFormat() == CNN2DFormat.NHWC);
  }

  @Override
  public void clear() {
    super.clear();
    rectified = null;
  }
}
