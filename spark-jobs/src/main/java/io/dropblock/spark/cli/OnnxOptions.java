package io.dropblock.spark.cli;

import io.dropblock.exchange.onnx.OnnxEnding;
import io.dropblock.exchange.onnx.OnnxInput;
import io.dropblock.exchange.onnx.OnnxModel;
import io.dropblock.nn.FoldedNetwork;
import io.dropblock.spark.data.image.Normalization;
import io.dropblock.spark.train.failure.TrainingException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.deeplearning4j.nn.graph.ComputationGraph;
import picocli.CommandLine.Option;

/** How a network becomes an ONNX model. */
final class OnnxOptions {
  @Option(
      names = "--no-fold",
      description = "ONNX: keep batch normalisations apart from convolutions.")
  private boolean unfolded;

  @Option(
      names = "--pixels",
      description = "ONNX: take RGB pixels of 0 to 255, and normalise them in the model.")
  private boolean pixels;

  @Option(
      names = "--suppress",
      description =
          "ONNX, of a network that finds objects: select one box for each object, by class.")
  private boolean suppress;

  /** Those that were given. */
  List<String> given() {
    Map<String, Boolean> all = new LinkedHashMap<>();
    all.put("--no-fold", unfolded);
    all.put("--pixels", pixels);
    all.put("--suppress", suppress);
    return all.keySet().stream().filter(all::get).toList();
  }

  /**
   * Makes it.
   *
   * @throws TrainingException if it cannot be made
   */
  OnnxModel model(ExportedRun exported) {
    try {
      OnnxEnding ending = exported.parts().ending(suppress);
      Normalization normalization = exported.parts().normalization();
      OnnxInput input =
          new OnnxInput(
              exported.recipe().data().size(),
              ending.takesAnySize(),
              pixels
                  ? Optional.of(
                      new OnnxInput.Normalization(normalization.mean(), normalization.std()))
                  : Optional.empty());
      ComputationGraph network =
          unfolded ? exported.network() : FoldedNetwork.of(exported.network());
      Map<String, String> metadata = new LinkedHashMap<>(exported.metadata());
      metadata.put("input.normalized", pixels ? "no, the model does it" : "(pixel - mean) / std");
      return OnnxModel.of(network, input, ending, metadata);
    } catch (IllegalArgumentException e) {
      throw new TrainingException(
          "Cannot export "
              + exported.trained()
              + (suppress ? " with --suppress" : "")
              + ": "
              + e.getMessage(),
          e);
    }
  }
}
