package io.dropblock.bench.trace;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dropblock.bench.figure.FigureFile;
import io.dropblock.bench.step.workload.SyntheticLabels;
import io.dropblock.bench.trace.TraceSettings.Form;
import io.dropblock.loss.PixelCrossEntropy;
import io.dropblock.nn.FoldedNetwork;
import io.dropblock.nn.TrainingOnly;
import io.dropblock.optimizer.OnePassUpdater;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Writes what a network is and what it computes:
 *
 * <pre>
 * parameters/VERTEX/PARAMETER    before all else; moving statistics too
 * images/STEP                    a batch for each step: [N, 3, H, W]
 * labels/STEP/OUTPUT             for each output: class numbers, or those of anchors and their boxes
 * output/training/OUTPUT         of the first batch
 * output/inference, folded/...   likewise, and of the folded network
 * gradients/VERTEX/PARAMETER     of the first batch's mean loss, without weight decay
 * output/after-plain, .../...    inference on the first batch after all steps
 * trace.json                     the settings, and the loss of each step, without weight decay's share
 * </pre>
 */
final class NetworkTrace {
  private static final double VOID_SHARE = 0.1;
  private static final int SETTLING = 10;
  private static final double OF_LAST_KERNELS = 0.1;

  private final TraceSettings settings;
  private final TraceFolder folder;
  private final Consumer<String> progress;
  private final SyntheticLabels labels;
  private final Random random = new Random(TraceSettings.SEED);
  private final List<MultiDataSet> batches = new ArrayList<>();

  private NetworkTrace(TraceSettings settings, Consumer<String> progress) {
    this.settings = settings;
    this.progress = progress;
    labels = settings.labels();
    folder = new TraceFolder(Path.of(settings.folder()));
  }

  /**
   * Writes all files.
   *
   * @param progress hears what has been written
   * @throws IOException if that fails
   */
  static void write(TraceSettings settings, Consumer<String> progress) throws IOException {
    new NetworkTrace(settings, progress).write();
  }

  private void write() throws IOException {
    ComputationGraph network = settings.network(Form.PLAIN);
    NamedArrays.stir(network);
    if (settings.ofCells()) {
      settle(network);
    }
    NamedArrays.parameters(network, (name, values) -> folder.write("parameters/" + name, values));
    INDArray start = network.params().dup();
    progress.accept("parameters");
    for (int step = 0; step < TraceSettings.RATES.size(); step++) {
      MultiDataSet batch = batch();
      folder.write("images/" + step, batch.getFeatures(0));
      writeAll("labels/" + step, batch.getLabels());
      batches.add(batch);
    }
    progress.accept("batches");
    writeOutputs(network);
    writeGradients(network);
    writeSteps(start);
  }

  /**
   * Moves the statistics towards those of batches, and makes the last kernels smaller. Where no
   * block adds its input to what it makes of it, statistics that do not fit blow numbers up from
   * cell to cell, until a probability is 0 and has no logarithm.
   */
  private void settle(ComputationGraph network) {
    for (int output = 0; output < network.getNumOutputArrays(); output++) {
      network
          .getOutputLayer(output)
          .getParam(DefaultParamInitializer.WEIGHT_KEY)
          .muli(OF_LAST_KERNELS);
    }
    for (int pass = 0; pass < SETTLING; pass++) {
      // at a rate of 0
      network.fit(batch());
    }
  }

  private MultiDataSet batch() {
    INDArray images = Nd4j.createUninitialized(settings.type(), settings.images().dimensions());
    INDArray line = images.reshape(images.length());
    for (long i = 0; i < line.length(); i++) {
      line.putScalar(i, random.nextGaussian());
    }
    INDArray[] expected =
        labels.draw(random).stream()
            .map(drawn -> drawn.array().castTo(settings.type()))
            .toArray(INDArray[]::new);
    if (settings.ofPixels()) {
      leaveOutSome(expected[0]);
    }
    return new MultiDataSet(new INDArray[] {images}, expected);
  }

  private void leaveOutSome(INDArray pixels) {
    for (long i = 0; i < pixels.length(); i++) {
      if (random.nextDouble() < VOID_SHARE) {
        pixels.putScalar(i, PixelCrossEntropy.VOID);
      }
    }
  }

  private void writeAll(String name, INDArray... outputs) {
    for (int output = 0; output < outputs.length; output++) {
      folder.write(name + "/" + output, outputs[output]);
    }
  }

  private void writeOutputs(ComputationGraph network) {
    INDArray images = batches.get(0).getFeatures(0);
    writeAll("output/training", network.output(true, images));
    writeAll("output/inference", inference(network, images));
    writeAll("output/folded", FoldedNetwork.of(network).output(images));
    progress.accept("outputs");
  }

  /** Without outputs that are for training only, which come last. */
  private static INDArray[] inference(ComputationGraph network, INDArray images) {
    int wanted = network.getNumOutputArrays();
    while (network.getOutputLayer(wanted - 1).conf().getLayer() instanceof TrainingOnly) {
      wanted--;
    }
    return Arrays.copyOf(network.output(images), wanted);
  }

  private void writeGradients(ComputationGraph network) {
    differentiate(network, batches.get(0));
    NamedArrays.gradients(
        network, settings.batch(), (name, values) -> folder.write("gradients/" + name, values));
    network.clear();
    progress.accept("gradients");
  }

  private static void differentiate(ComputationGraph network, MultiDataSet batch) {
    network.initGradientsView();
    network.setInputs(batch.getFeatures());
    network.setLabels(batch.getLabels());
    network.computeGradientAndScore();
  }

  /** DL4J takes weight decay's share, a sum over millions, in the network's own type: floats. */
  private static double loss(ComputationGraph network, MultiDataSet batch) {
    differentiate(network, batch);
    double loss = network.score() - network.calcRegularizationScore(true);
    network.clear();
    return loss;
  }

  private void writeSteps(INDArray start) throws IOException {
    ObjectNode trace = FigureFile.of("trace");
    trace
        .put("model", settings.model())
        .put("batch", settings.batch())
        .put("size", settings.size())
        .put("doubles", settings.doubles())
        .put("momentum", TraceSettings.MOMENTUM)
        .put("decay", TraceSettings.DECAY);
    ArrayNode rates = trace.putArray("rates");
    TraceSettings.RATES.forEach(rates::add);
    ObjectNode losses = trace.putObject("losses");
    for (Form form : Form.values()) {
      ComputationGraph network = settings.network(form);
      network.setParams(start);
      ArrayNode ofForm = losses.putArray(form.label());
      for (int step = 0; step < batches.size(); step++) {
        OnePassUpdater.attach(network).setLearningRate(TraceSettings.RATES.get(step));
        ofForm.add(loss(network, batches.get(step)));
        network.fit(batches.get(step));
      }
      writeAll("output/after-" + form.label(), inference(network, batches.get(0).getFeatures(0)));
      progress.accept(form.label() + " steps");
    }
    folder.write(trace);
  }
}
