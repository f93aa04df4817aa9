package io.dropblock.spark.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dropblock.nn.NetworkState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.UnaryOperator;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;

/**
 * A checkpoint on disk that says something else than it did; its checksums are right again.
 *
 * @param folder the checkpoint's
 */
record EditedCheckpoint(Path folder) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Changes the text of a file. */
  void replace(String file, UnaryOperator<String> change) throws IOException {
    Path path = folder.resolve(file);
    Files.writeString(path, change.apply(Files.readString(path)));
    seal();
  }

  /** Makes it one of version 1 or 2: DL4J's momentum and loss, and an accuracy for a score. */
  void makeOld(int version) throws IOException {
    ComputationGraphConfiguration configuration =
        ComputationGraphConfiguration.fromJson(
            Files.readString(folder.resolve("configuration.json")));
    configuration
        .getVertices()
        .values()
        .forEach(
            vertex -> {
              if (vertex instanceof LayerVertex holder
                  && holder.getLayerConf().getLayer() instanceof BaseLayer layer) {
                layer.setIUpdater(new Nesterovs(.1, .9));
                layer.setBiasUpdater(new Nesterovs(.1, .9));
                if (layer instanceof BaseOutputLayer output) {
                  output.setLossFn(new LossMCXENT());
                }
              }
            });
    ComputationGraph old = new ComputationGraph(configuration);
    byte[] parameters = Files.readAllBytes(folder.resolve("parameters.bin"));
    old.init(Nd4j.create(1, parameters.length / Float.BYTES), false);
    NetworkState state = NetworkState.of(old);
    Files.writeString(folder.resolve("configuration.json"), state.configuration());
    Files.deleteIfExists(folder.resolve("velocity.bin"));
    Files.write(folder.resolve("updater.bin"), state.arrays().get("updater"));
    ObjectNode manifest = manifest();
    manifest.put("version", version).remove("scores");
    manifest.put("top1", .5).put("best", .5).put("best_epoch", 0);
    if (version == 1) {
      manifest.remove("origin");
    }
    write(manifest);
    seal();
  }

  private ObjectNode manifest() throws IOException {
    return (ObjectNode) JSON.readTree(folder.resolve("manifest.json").toFile());
  }

  private void write(JsonNode manifest) throws IOException {
    Files.write(folder.resolve("manifest.json"), JSON.writeValueAsBytes(manifest));
  }

  /** Lists the files as they are. */
  private void seal() throws IOException {
    List<Path> files = new ArrayList<>();
    try (var all = Files.list(folder)) {
      all.filter(file -> !file.endsWith("manifest.json")).forEach(files::add);
    }
    ObjectNode manifest = manifest();
    ArrayNode entries = manifest.putArray("files");
    for (Path file : files) {
      byte[] bytes = Files.readAllBytes(file);
      entries
          .addObject()
          .put("name", file.getFileName().toString())
          .put("bytes", bytes.length)
          .put("sha256", sha256(bytes));
    }
    write(manifest);
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java has SHA-256", e);
    }
  }
}
