package io.dropblock.spark.data.prepare;

import io.dropblock.spark.data.image.BrokenImageException;
import io.dropblock.spark.data.image.ImageOddity;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Counts images of which every pixel is there and something else is odd: a note, no error. */
final class OddImages {
  private final Map<ImageOddity, Long> counts = new EnumMap<>(ImageOddity.class);

  /** Adds an image that was decoded. */
  void add(byte[] image) throws BrokenImageException {
    ImageOddity.of(image).forEach(oddity -> counts.merge(oddity, 1L, Long::sum));
  }

  /** How many images have each oddity that was found. */
  Map<ImageOddity, Long> counts() {
    return counts;
  }

  /** All counts in one line for people; nothing where nothing is odd. */
  static Optional<String> note(List<ShardResult> results) {
    Map<ImageOddity, Long> sums = new EnumMap<>(ImageOddity.class);
    results.forEach(
        result -> result.odd().forEach((oddity, count) -> sums.merge(oddity, count, Long::sum)));
    if (sums.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        "Images that are odd, whole and stored: "
            + sums.entrySet().stream()
                .map(
                    sum ->
                        String.format(
                            Locale.ROOT, "%d with %s", sum.getValue(), sum.getKey().words()))
                .collect(Collectors.joining(", ")));
  }
}
