package io.dropblock.spark.report.evaluated;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dropblock.metric.Scores.Score;
import io.dropblock.spark.evaluate.MeasuredJson;
import io.dropblock.spark.report.ExampleSheet;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * {@code scores.json}: what {@link MeasuredJson} has, and {@code epoch}, {@code by_class}, {@code
 * confusion} where a task has it, and of the examples of each sheet its words ({@code alt}) and
 * each one's name, place, loss and caption.
 */
final class EvaluatedJson {
  private static final ObjectMapper JSON = new ObjectMapper();

  private EvaluatedJson() {}

  static byte[] bytes(EvaluatedEpoch evaluated) throws IOException {
    ObjectNode json =
        MeasuredJson.of(evaluated.what(), evaluated.result().scores(), evaluated.result().images());
    json.put("epoch", evaluated.epochs());
    json.set("by_class", MeasuredJson.scores(evaluated.byClass()));
    evaluated
        .pairs()
        .map(pairs -> NamedConfusion.of(evaluated.unit(), evaluated.classes(), pairs))
        .ifPresent(confusion -> json.set("confusion", JSON.valueToTree(confusion)));
    json.set("mistakes", sheet(evaluated.worst()));
    json.set("right", sheet(evaluated.right()));
    return JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(json);
  }

  private static ObjectNode sheet(ExampleSheet.Section section) {
    ObjectNode json = JSON.createObjectNode().put("alt", EvaluatedEpoch.alt(section));
    ArrayNode images = json.putArray("images");
    section
        .examples()
        .forEach(
            it -> {
              ObjectNode image = images.addObject();
              image.put("name", it.name()).put("place", it.place()).put("loss", it.loss());
              image.set("caption", JSON.valueToTree(it.exhibit().caption()));
            });
    return json;
  }

  /**
   * What pages show of it.
   *
   * @param bytes as {@link #bytes} made them, maybe in another version
   * @param pictures of the sheets by their keys in the file, as far as they are there
   * @throws IOException if it is none
   */
  static Evaluated parse(byte[] bytes, Pictures pictures) throws IOException {
    JsonNode json = JSON.readTree(bytes);
    if (json.path("epoch").asInt() < 1) {
      throw new IOException("it names no epoch");
    }
    List<Score> byClass = new ArrayList<>();
    json.path("by_class")
        .fields()
        .forEachRemaining(
            it -> byClass.add(new Score(it.getKey(), it.getValue().asDouble(Double.NaN))));
    List<EmbeddedPicture> embedded = new ArrayList<>();
    for (String key : List.of("mistakes", "right")) {
      String alt = json.path(key).path("alt").asText();
      pictures
          .of(key)
          .map(png -> EmbeddedPicture.of("image/png", png, alt))
          .ifPresent(embedded::add);
    }
    return new Evaluated(
        json.get("epoch").asInt(), embedded, byClass, confusion(json.path("confusion")));
  }

  /** The pictures that are there. */
  interface Pictures {
    /** The PNG of a sheet. */
    Optional<byte[]> of(String key) throws IOException;
  }

  private static Optional<NamedConfusion> confusion(JsonNode json) throws IOException {
    if (json.isMissingNode()) {
      return Optional.empty();
    }
    NamedConfusion confusion =
        JSON.readerFor(new TypeReference<NamedConfusion>() {}).readValue(json);
    int classes = confusion.classes().size();
    if (confusion.counts().size() != classes
        || confusion.counts().stream().anyMatch(row -> row.size() != classes)) {
      throw new IOException("its confusion matrix is no square");
    }
    return Optional.of(confusion);
  }
}
