package io.dropblock.spark.cli.assembly;

import io.dropblock.spark.data.source.ImageListing;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** The images of a task's demonstration, and the recipe that learns from them. */
public interface Demonstration {

  /** That of a task, by the word of {@code task.kind}. */
  static Demonstration of(Task task) {
    return switch (task) {
      case CLASSIFICATION -> new ClassificationDemonstration();
      case SEGMENTATION -> new SegmentationDemonstration();
    };
  }

  /** Tasks that have one. */
  enum Task {
    /** One class an image. */
    CLASSIFICATION,
    /** One class a pixel. */
    SEGMENTATION
  }

  /** Name of the bundled recipe. */
  String recipe();

  /**
   * Draws the images, and lists them.
   *
   * @param images a new folder
   * @param seed equal seeds draw equal images
   */
  ImageListing draw(Path images, long seed, Configuration configuration) throws IOException;
}
