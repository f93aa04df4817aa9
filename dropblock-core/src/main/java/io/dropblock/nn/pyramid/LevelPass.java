package io.dropblock.nn.pyramid;

import io.dropblock.cpu.NormLoops;
import io.dropblock.nn.DropBlockSite;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The way of one level's maps through a {@link LevelNet}, and back. */
final class LevelPass {
  private final LevelSettings settings;
  private final int level;
  private final Map<String, INDArray> parameters;

  /** Those of all levels, packed for the pass before it begins. */
  private final List<SharedConvolution> convolutions;

  /** One a convolution, but the last; none without DropBlock. */
  private final List<DropBlockSite> sites;

  /** Of the last forward pass in training: what each convolution read. */
  private final List<INDArray> read = new ArrayList<>();

  /** What each normalisation read. */
  private final List<INDArray> convolved = new ArrayList<>();

  private final List<LevelNorm> norms = new ArrayList<>();

  LevelPass(
      LevelSettings settings,
      int level,
      Map<String, INDArray> parameters,
      List<SharedConvolution> convolutions,
      List<DropBlockSite> sites) {
    this.settings = settings;
    this.level = level;
    this.parameters = parameters;
    this.convolutions = convolutions;
    this.sites = sites;
  }

  /** Makes dense arrays with anything in them. */
  interface Memory {
    INDArray of(long... shape);
  }

  /**
   * What DL4J knows of a pass.
   *
   * @param iteration DL4J's counter, and {@code epoch} likewise
   */
  record Moment(boolean training, int iteration, int epoch) {}

  List<DropBlockSite> sites() {
    return sites;
  }

  /**
   * @param input {@code [n, h, w, channels]}; in training kept for the way back
   * @param output gets {@code [n, h, w, outputs]}
   * @param memory lives until the way back is done in training, else until this returns
   */
  void forward(INDArray input, INDArray output, Moment moment, Memory memory) {
    clear();
    INDArray maps = input;
    for (int number = 0; number < settings.convolutions(); number++) {
      INDArray sums = memory.of(input.size(0), input.size(1), input.size(2), settings.filters());
      convolutions.get(number).forward(maps, sums);
      boolean measured = moment.training() && !settings.frozen();
      LevelNorm norm =
          measured
              ? norm(number, memory.of(settings.filters()), memory.of(settings.filters()))
              : movingNorm(number);
      INDArray normalized = moment.training() ? memory.of(sums.shape()) : sums;
      norm.forward(sums, normalized, measured);
      if (!sites.isEmpty()) {
        sites
            .get(number)
            .forward(normalized, moment.training(), moment.iteration(), moment.epoch());
      }
      keep(moment, maps, sums, norm);
      maps = normalized;
    }
    convolutions.get(settings.convolutions()).forward(maps, output);
    if (moment.training()) {
      read.add(maps);
    }
  }

  private void keep(Moment moment, INDArray maps, INDArray sums, LevelNorm norm) {
    if (moment.training()) {
      read.add(maps);
      convolved.add(sums);
      norms.add(norm);
    }
  }

  /**
   * The gradients of the last forward pass in training.
   *
   * @param dOutput the gradient at the output
   * @param dInput gets the gradient at the input
   * @param gradients get those at the parameters: of what levels share, the first level's gradient
   *     is written and the others' are added
   * @param memory lives until this returns
   */
  void backward(INDArray dOutput, INDArray dInput, Map<String, INDArray> gradients, Memory memory) {
    int last = settings.convolutions();
    long[] shape = read.get(last).shape();
    INDArray dMaps = last == 0 ? dInput : memory.of(shape);
    INDArray dSums = last == 0 ? dOutput : memory.of(shape);
    differentiate(last, dOutput, dMaps, gradients, memory);
    for (int number = last - 1; number >= 0; number--) {
      if (!sites.isEmpty()) {
        sites.get(number).backward(dMaps);
      }
      INDArray dGamma = gradients.get(name(number, LevelParameter.GAMMA));
      INDArray dBeta = gradients.get(name(number, LevelParameter.BETA));
      if (settings.frozen()) {
        norms.get(number).frozenGradients(convolved.get(number), dMaps, dSums, dGamma, dBeta);
        gradients.get(name(number, LevelParameter.MEAN)).assign(0);
        gradients.get(name(number, LevelParameter.VARIANCE)).assign(0);
      } else {
        norms.get(number).backward(convolved.get(number), dMaps, dSums, dGamma, dBeta);
        moveStatistics(number, gradients);
      }
      differentiate(number, dSums, number == 0 ? dInput : dMaps, gradients, memory);
    }
  }

  /** Back through a convolution. */
  private void differentiate(
      int number, INDArray dSums, INDArray dMaps, Map<String, INDArray> gradients, Memory memory) {
    INDArray dWeights = gradients.get(shared(number, LevelParameter.WEIGHTS));
    Optional<INDArray> dBias =
        Optional.ofNullable(gradients.get(shared(number, LevelParameter.BIAS)));
    boolean counts = number == settings.convolutions() || settings.frozen();
    Optional<INDArray> wanted = counts ? dBias : Optional.empty();
    if (level == 0) {
      convolutions.get(number).backward(read.get(number), dSums, dMaps, dWeights, wanted);
      if (wanted.isEmpty()) {
        // a normalisation by the batch takes a bias away again, whatever it is
        dBias.ifPresent(zeros -> zeros.assign(0));
      }
      return;
    }
    INDArray ofWeights = memory.of(dWeights.shape());
    Optional<INDArray> ofBias = wanted.map(values -> memory.of(values.shape()));
    convolutions.get(number).backward(read.get(number), dSums, dMaps, ofWeights, ofBias);
    dWeights.addi(ofWeights);
    ofBias.ifPresent(values -> wanted.get().addi(values));
  }

  /** Writes what is to be subtracted from the moving statistics. */
  private void moveStatistics(int number, Map<String, INDArray> gradients) {
    INDArray maps = convolved.get(number);
    double correction = NormLoops.correction(maps.length() / settings.filters());
    LevelNorm batch = norms.get(number);
    LevelNorm moving = movingNorm(number);
    double share = 1 - settings.decay();
    gradients
        .get(name(number, LevelParameter.MEAN))
        .assign(moving.mean().sub(batch.mean()).muli(share));
    gradients
        .get(name(number, LevelParameter.VARIANCE))
        .assign(moving.variance().sub(batch.variance().mul(correction)).muli(share));
  }

  private LevelNorm movingNorm(int number) {
    return norm(
        number,
        parameters.get(name(number, LevelParameter.MEAN)),
        parameters.get(name(number, LevelParameter.VARIANCE)));
  }

  private LevelNorm norm(int number, INDArray mean, INDArray variance) {
    return new LevelNorm(
        parameters.get(name(number, LevelParameter.GAMMA)),
        parameters.get(name(number, LevelParameter.BETA)),
        mean,
        variance,
        settings.epsilon());
  }

  private String shared(int number, LevelParameter kind) {
    return kind.in(settings.convolution(number));
  }

  private String name(int number, LevelParameter kind) {
    return kind.in(settings.convolution(number), level);
  }

  /** Lets go of what it kept for the way back. */
  void clear() {
    read.clear();
    convolved.clear();
    norms.clear();
    sites.forEach(DropBlockSite::clear);
  }
}
