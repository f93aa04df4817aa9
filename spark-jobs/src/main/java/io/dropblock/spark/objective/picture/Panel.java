package io.dropblock.spark.objective.picture;

import java.io.Serializable;
import java.util.List;

/**
 * One of the pictures that are shown side by side.
 *
 * @param head what it shows, for all examples alike; empty where that needs no words
 * @param tile the picture
 * @param smooth whether colours may be mixed where it is made larger
 * @param marks over it, the first ones on top
 */
public record Panel(String head, Tile tile, boolean smooth, List<Mark> marks)
    implements Serializable {
  /** Copies the list. */
  public Panel {
    marks = List.copyOf(marks);
  }
}
