package io.dropblock.spark.cli.assembly;

import io.dropblock.spark.data.source.ImageListing;
import io.dropblock.spark.train.RunFolder;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** The images of a task's demonstration, and the recipe that learns from them. */
public interface Demonstration {

  /** The tasks that have one. */
  static List<String> tasks() {
    return List.of("classification", "detection", "segmentation");
  }

  /** That of a task; empty if it has none. */
  static Optional<Demonstration> of(String task) {
    return switch (task) {
      case "classification" -> Optional.of(new ClassificationDemonstration());
      case "detection" -> Optional.of(new DetectionDemonstration());
      case "segmentation" -> Optional.of(new SegmentationDemonstration());
      default -> Optional.empty();
    };
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

  /**
   * Draws what the trained network says of some images it has not seen.
   *
   * @param data the prepared images
   * @param run that trained on them
   * @return the picture, in the run's folder; empty where there is none of this task
   */
  default Optional<Path> picture(
      RecipeParts parts, Path data, RunFolder run, Configuration configuration) throws IOException {
    return Optional.empty();
  }
}
