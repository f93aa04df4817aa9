package io.dropblock.spark.train.event;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/**
 * A line of {@code events.jsonl}, for people as for programs: it has a {@code time}, ISO 8601 in
 * UTC, and counts epochs and steps from 1 as the terminal does. Up to version 3 the last {@code
 * steps} of an epoch was the mean of all of it. Version 2 had accuracies in place of scores.
 * Version 1, whose lines have no {@code version}, had no time and counted from 0, too.
 *
 * @param text without its end
 * @param event none where a newer version wrote something that this one does not know
 * @param older whether an older version wrote it
 */
public record EventLine(String text, Optional<RunEvent> event, boolean older) {
  private static final int VERSION = 4;
  private static final int LAST_WITH_ACCURACIES = 2;
  private static final List<String> COUNTED = List.of("epoch", "step", "first_step");
  private static final String KIND = "event";
  private static final ObjectMapper JSON =
      new ObjectMapper()
          .setPropertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

  /** Of what happened just now. */
  public static EventLine of(RunEvent event, Instant now) {
    ObjectNode fields = JSON.valueToTree(event);
    count(fields, 1);
    ObjectNode line = head(fields);
    line.put("time", now.truncatedTo(ChronoUnit.MILLIS).toString());
    line.setAll(fields);
    return new EventLine(line.toString(), Optional.of(event), false);
  }

  private static ObjectNode head(ObjectNode fields) {
    ObjectNode line = JSON.createObjectNode();
    line.set(KIND, fields.remove(KIND));
    return line.put("version", VERSION);
  }

  /**
   * A line of a log; one of an older version becomes one of this, with a time if it had one.
   *
   * @return empty if it is damaged
   */
  public static Optional<EventLine> parse(byte[] line) {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(line)).toString();
      JsonNode read = JSON.readTree(text);
      if (!(read instanceof ObjectNode fields) || !fields.path(KIND).isTextual()) {
        return Optional.empty();
      }
      int version = fields.path("version").asInt(1);
      if (version < 1 || version > VERSION) {
        return Optional.of(new EventLine(text, Optional.empty(), false));
      }
      if (version > 1) {
        count(fields, -1);
      }
      if (version <= LAST_WITH_ACCURACIES) {
        OlderScores.ofEvent(fields);
      }
      Optional<RunEvent> event = event(fields);
      return Optional.of(
          version == VERSION || event.isEmpty()
              ? new EventLine(text, event, false)
              : new EventLine(rewritten(fields), event, true));
    } catch (CharacterCodingException | JsonProcessingException e) {
      return Optional.empty();
    }
  }

  private static String rewritten(ObjectNode fields) {
    count(fields, 1);
    fields.remove("version");
    ObjectNode line = head(fields);
    line.setAll(fields);
    return line.toString();
  }

  private static void count(ObjectNode fields, int difference) {
    for (String name : COUNTED) {
      if (fields.path(name).isIntegralNumber()) {
        fields.put(name, fields.get(name).asLong() + difference);
      }
    }
  }

  private static Optional<RunEvent> event(ObjectNode fields) {
    try {
      return Optional.of(JSON.treeToValue(fields, RunEvent.class));
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }

  /** Whether it tells, as older versions did, of a whole epoch that the next line tells of. */
  boolean isMeanOf(EventLine epoch) {
    return older
        && event.orElse(null) instanceof RunEvent.Steps steps
        && epoch.event.orElse(null) instanceof RunEvent.Epoch whole
        && steps.epoch() == whole.epoch();
  }

  byte[] bytes() {
    return (text + "\n").getBytes(StandardCharsets.UTF_8);
  }
}
