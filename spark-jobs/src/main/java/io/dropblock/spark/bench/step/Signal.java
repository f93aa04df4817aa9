package io.dropblock.spark.bench.step;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Optional;

/**
 * A line between a measurement and the process of a rank. The rank says {@code READY} after its
 * warm-up, is told {@code GO}, says {@code MEASURED} and goes on with its steps, so that no rank is
 * measured beside an idle one, until it is told {@code STOP}; then it hands in its {@code REPORT}.
 *
 * @param word what is said
 * @param payload what comes with it, on the same line; often empty
 */
record Signal(Word word, String payload) {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** Tells our lines from those that a library prints. */
  private static final String MARK = "bench step: ";

  enum Word {
    READY,
    GO,
    MEASURED,
    STOP,
    REPORT,
    FAILED,
    /** Said for a process that is gone. */
    ENDED
  }

  static Signal of(Word word) {
    return new Signal(word, "");
  }

  /** Reads a line, if it is one of ours. */
  static Optional<Signal> parse(String line) {
    if (!line.startsWith(MARK)) {
      return Optional.empty();
    }
    String[] parts = line.substring(MARK.length()).split(" ", 2);
    return Optional.of(new Signal(Word.valueOf(parts[0]), parts.length == 1 ? "" : parts[1]));
  }

  String line() {
    return MARK + word + (payload.isEmpty() ? "" : " " + payload);
  }

  /** A job or a report in one line. */
  static String write(Record value) {
    try {
      return MAPPER.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Cannot write " + value + ": " + e.getOriginalMessage(), e);
    }
  }

  /** Reads what {@link #write} wrote. */
  static <T extends Record> T read(String text, Class<T> type) {
    try {
      return MAPPER.readValue(text, type);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "Cannot read a " + type.getSimpleName() + ": " + e.getOriginalMessage(), e);
    }
  }
}
