package io.dropblock.spark.data.source.coco;

import io.dropblock.spark.data.source.coco.json.CocoAnnotation;
import io.dropblock.spark.data.source.coco.json.CocoId;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The numbers of a file's annotations: their ids, or their order in the file where an id is
 * missing, a text, or that of another one. Nothing refers to them, so that any numbers do.
 */
final class CocoNumbers {
  private final List<CocoAnnotation> annotations;
  private final BitSet repeated = new BitSet();
  private final BitSet without = new BitSet();

  CocoNumbers(List<CocoAnnotation> annotations) {
    this.annotations = annotations;
    Map<CocoId, Integer> firsts = new HashMap<>(2 * annotations.size());
    for (int i = 0; i < annotations.size(); i++) {
      CocoAnnotation annotation = annotations.get(i);
      Integer first = annotation.id() == null ? null : firsts.putIfAbsent(annotation.id(), i);
      if (first != null && isSame(annotations.get(first), annotation)) {
        repeated.set(i);
      } else if (first != null || annotation.id() == null || !annotation.id().isNumber()) {
        without.set(i);
      }
    }
  }

  private static boolean isSame(CocoAnnotation one, CocoAnnotation other) {
    return Objects.equals(one.imageId(), other.imageId())
        && Objects.equals(one.category(), other.category())
        && Arrays.equals(one.bbox(), other.bbox());
  }

  /** Whether an annotation, by its place, is one of before, written once more. */
  boolean isRepeated(int place) {
    return repeated.get(place);
  }

  /** Whether an annotation, by its place, has no number of its own in the file. */
  boolean isWithout(int place) {
    return without.get(place);
  }

  /** Of an annotation by its place. */
  long of(int place) {
    return without.isEmpty() ? annotations.get(place).id().number() : place + 1;
  }
}
