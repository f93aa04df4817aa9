package io.dropblock.spark.objective.picture;

import java.io.Serializable;
import java.util.List;

/**
 * What people see of an image and of what a network said of it.
 *
 * @param name of the image in its data set; empty where nobody knows it
 * @param caption lines below
 * @param panels one or more, side by side; as many for all images of a task
 * @param legend of colours whose meaning is written nowhere else
 */
public record Exhibit(String name, List<String> caption, List<Panel> panels, List<Hue> legend)
    implements Serializable {
  /** Copies the lists. */
  public Exhibit {
    caption = List.copyOf(caption);
    panels = List.copyOf(panels);
    legend = List.copyOf(legend);
  }
}
