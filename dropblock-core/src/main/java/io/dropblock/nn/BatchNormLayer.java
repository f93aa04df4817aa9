package io.dropblock.nn;

import static org.deeplearning4j.nn.params.BatchNormalizationParamInitializer.BETA;
import static org.deeplearning4j.nn.params.BatchNormalizationParamInitializer.GAMMA;
import static org.deeplearning4j.nn.params.BatchNormalizationParamInitializer.GLOBAL_LOG_STD;
import static org.deeplearning4j.nn.params.BatchNormalizationParamInitializer.GLOBAL_MEAN;
import static org.deeplearning4j.nn.params.BatchNormalizationParamInitializer.GLOBAL_VAR;

import io.dropblock.cpu.NormLoops;
import java.util.Arrays;
import java.util.stream.IntStream;
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

  /** The configuration where nobody told an order. */
  private transient BatchNorm forRows;

  /** What a ReLU gave in DL4J's own way, to tell where it cut off. */
  private transient INDArray rectified;

  BatchNormLayer(NeuralNetConfiguration configuration, DataType dataType) {
    super(configuration, dataType);
  }

  @Override
  public INDArray activate(boolean isTraining, LayerWorkspaceMgr workspaces) {
    assertInputSet(false);
    boolean training = isTraining && !configuration().frozen();
    if (input.rank() == 4) {
      MapFormat.require(
          configuration().getCnn2DFormat(),
          "BatchNorm",
          layerConf().getLayerName(),
          "setCnn2DFormat of the layer");
    }
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
    if (configuration().frozen()) {
      return frozenGradient(epsilon, workspaces);
    }
    if (!isForLoops(input)) {
      var result =
          super.backpropGradient(rectified == null ? epsilon : cutOff(epsilon), workspaces);
      updateVariance();
      return result;
    }
    INDArray dy = NormLoops.take(epsilon) ? epsilon : epsilon.dup('c');
    INDArray dx =
        workspaces.createUninitialized(
            ArrayType.ACTIVATION_GRAD, input.dataType(), input.shape(), 'c');
    NormLoops loops = batchLoops();
    loops.backward(input, dy, dx, gradientViews.get(GAMMA), gradientViews.get(BETA));
    long count = input.length() / layerConf().getNOut();
    double decay = layerConf().getDecay();
    if (layerConf().isUseLogStd()) {
      loops.updates(
          count,
          getParam(GLOBAL_MEAN),
          getParam(GLOBAL_LOG_STD),
          decay,
          gradientViews.get(GLOBAL_MEAN),
          gradientViews.get(GLOBAL_LOG_STD));
    } else {
      update(GLOBAL_MEAN, batchMean);
      update(GLOBAL_VAR, batchVariance.mul(NormLoops.correction(count)));
    }
    Gradient gradient = new DefaultGradient();
    for (String name : new String[] {GAMMA, BETA, GLOBAL_MEAN, spread()}) {
      gradient.setGradientFor(name, gradientViews.get(name));
    }
    return new Pair<>(gradient, dx);
  }

  /** What is to be subtracted from a moving statistic. */
  private void update(String name, INDArray ofBatch) {
    gradientViews
        .get(name)
        .assign(getParam(name))
        .subi(ofBatch.reshape(getParam(name).shape()))
        .muli(1 - layerConf().getDecay());
  }

  /** What the moving variance is kept as. */
  private String spread() {
    return layerConf().isUseLogStd() ? GLOBAL_LOG_STD : GLOBAL_VAR;
  }

  /** Of a pass by the moving statistics, by definition. */
  private Pair<Gradient, INDArray> frozenGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
    INDArray mean = column(getParam(GLOBAL_MEAN));
    INDArray deviation = Transforms.sqrt(movingVariance().add(layerConf().getEps()), false);
    INDArray gamma =
        layerConf().isLockGammaBeta()
            ? deviation.like().assign(layerConf().getGamma())
            : getParam(GAMMA);
    INDArray beta =
        layerConf().isLockGammaBeta()
            ? deviation.like().assign(layerConf().getBeta())
            : getParam(BETA);
    INDArray normalized = input.sub(mean).divi(column(deviation));
    INDArray dy = epsilon;
    if (relu()) {
      INDArray passed = normalized.mul(column(gamma)).addi(column(beta)).gt(0);
      dy = passed.castTo(epsilon.dataType()).muli(epsilon);
    }
    Gradient gradient = new DefaultGradient();
    gradientViews.forEach(
        (name, view) -> {
          view.assign(0);
          gradient.setGradientFor(name, view);
        });
    if (!layerConf().isLockGammaBeta()) {
      gradientViews.get(GAMMA).assign(dy.mul(normalized).sum(others()));
      gradientViews.get(BETA).assign(dy.sum(others()));
    }
    INDArray dx =
        workspaces.createUninitialized(
            ArrayType.ACTIVATION_GRAD, input.dataType(), input.shape(), 'c');
    dx.assign(dy.mul(column(gamma.div(deviation.reshape(gamma.shape())))));
    return new Pair<>(gradient, dx);
  }

  /** One number a channel, to be combined with all others of the channel. */
  private INDArray column(INDArray channels) {
    long[] shape = new long[input.rank()];
    Arrays.fill(shape, 1);
    shape[channelDimension()] = channels.length();
    return channels.reshape(shape);
  }

  private int channelDimension() {
    boolean last = input.rank() == 4 && layerConf().getCnn2DFormat() == CNN2DFormat.NHWC;
    return last ? 3 : 1;
  }

  private int[] others() {
    int channels = channelDimension();
    return IntStream.range(0, input.rank()).filter(i -> i != channels).toArray();
  }

  private INDArray movingVariance() {
    return layerConf().isUseLogStd()
        ? Transforms.exp(getParam(GLOBAL_LOG_STD).mul(2 * Math.log(10)), false)
        : getParam(GLOBAL_VAR);
  }

  /** DL4J's own update of the moving variance takes that of a population. */
  private void updateVariance() {
    long count = input.length() / layerConf().getNOut();
    INDArray variance =
        input.castTo(DataType.DOUBLE).var(false, others()).mul(NormLoops.correction(count));
    boolean log = layerConf().isUseLogStd();
    INDArray moving = getParam(spread()).castTo(DataType.DOUBLE);
    INDArray update = gradientViews.get(spread());
    double decay = layerConf().getDecay();
    for (long channel = 0; channel < variance.length(); channel++) {
      double old = moving.getDouble(channel);
      double ofBatch = variance.getDouble(channel);
      if (!log) {
        update.putScalar(channel, (1 - decay) * (old - ofBatch));
        continue;
      }
      double before = Math.max(Math.pow(10, 2 * old), NormLoops.LEAST_VARIANCE);
      double after = Math.max(decay * before + (1 - decay) * ofBatch, NormLoops.LEAST_VARIANCE);
      update.putScalar(channel, Math.log10(before / after) / 2);
    }
  }

  private INDArray cutOff(INDArray epsilon) {
    INDArray passed = Nd4j.createUninitialized(DataType.BOOL, epsilon.shape());
    Nd4j.exec(new GreaterThan(rectified, rectified.like(), passed));
    return epsilon.mul(passed.castTo(epsilon.dataType()));
  }

  private boolean isForLoops(INDArray maps) {
    return !layerConf().isLockGammaBeta() && NormLoops.take(maps);
  }

  private boolean relu() {
    return configuration().relu();
  }

  private BatchNorm configuration() {
    return (BatchNorm) conf().getLayer();
  }

  /** For DL4J's own way, which asks for the order of maps where there are rows, too. */
  @Override
  public BatchNorm layerConf() {
    if (configuration().getCnn2DFormat() != null) {
      return configuration();
    }
    if (forRows == null) {
      forRows = configuration().clone();
      forRows.setCnn2DFormat(CNN2DFormat.NCHW);
    }
    return forRows;
  }

  private NormLoops batchLoops() {
    if (batchMean == null) {
      batchMean = Nd4j.createUninitializedDetached(DataType.FLOAT, layerConf().getNOut());
      batchVariance = Nd4j.createUninitializedDetached(DataType.FLOAT, layerConf().getNOut());
    }
    return loops(batchMean, batchVariance);
  }

  private NormLoops movingLoops() {
    return loops(getParam(GLOBAL_MEAN), movingVariance());
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
