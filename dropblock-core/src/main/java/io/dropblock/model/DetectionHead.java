package io.dropblock.model;

import java.util.List;

/**
 * Object detection over a feature pyramid: RetinaNet.
 *
 * @param classes number of classes, at least 1; there is no background among them
 * @param pyramid what it sits on
 * @param filters channels of the convolutions of both nets
 * @param convolutions of each net before its last one, at least 0
 * @param anchors of a position
 */
public record DetectionHead(
    int classes, Pyramid pyramid, int filters, int convolutions, int anchors) implements Head {
  /** Logits of the classes, {@code [N, positions, anchors * classes]}. */
  public static final String CLASSES = "head/classes";

  /** Box codes, {@code [N, positions, anchors * 4]}. */
  public static final String BOXES = "head/boxes";

  @Override
  public String title(String trunk) {
    return "RetinaNet " + trunk + "-FPN";
  }

  @Override
  public List<String> outputs() {
    return List.of(CLASSES, BOXES);
  }

  @Override
  public boolean hasSites() {
    return false;
  }

  @Override
  public void addTo(Motifs graph, List<Level> levels) {
    throw new UnsupportedOperationException();
  }
}
