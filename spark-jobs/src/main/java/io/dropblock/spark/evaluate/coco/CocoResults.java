package io.dropblock.spark.evaluate.coco;

import io.dropblock.metric.Scores;
import io.dropblock.metric.coco.AveragePrecision;
import io.dropblock.metric.coco.FoundObjects;
import io.dropblock.spark.data.DataException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * Scores of a results file in COCO's format.
 *
 * @param scores of the detections, with notes on both files
 * @param categories their names, in the order of their ids
 * @param images of the annotations
 * @param detections of the results
 */
public record CocoResults(Scores scores, List<String> categories, int images, long detections) {

  /**
   * Measures results against annotations. Both files may be compressed by gzip.
   *
   * @param results the full address of a file
   * @param annotations the full address of a file
   * @throws DataException where a file cannot be read or understood, a detection is of an image or
   *     a category that the annotations do not have, or they have nothing to find
   */
  public static CocoResults score(Path results, Path annotations, Configuration configuration) {
    JsonInput found = JsonInput.of(results, configuration);
    Annotations truth = AnnotationsReader.read(JsonInput.of(annotations, configuration));
    try (InputStream in = found.open()) {
      return score(found.title(), in, truth);
    } catch (IOException e) {
      throw new DataException("Cannot read " + results + ": " + DataException.reason(e), e);
    }
  }

  /**
   * The same of a stream.
   *
   * @param title what the results are called in errors
   */
  static CocoResults score(String title, InputStream in, Annotations truth) {
    ImageResults[] byImage = new ImageResults[truth.images()];
    Strangers images = new Strangers("images");
    Strangers categories = new Strangers("categories");
    long detections =
        ResultsReader.read(
            title,
            in,
            (element, result) -> {
              Integer image = truth.imageNumbers().get(result.image());
              Integer category = truth.categoryNumbers().get(result.category());
              if (image == null) {
                images.add(element, "image " + result.image());
              } else if (category == null) {
                categories.add(element, "category " + result.category());
              } else {
                if (byImage[image] == null) {
                  byImage[image] = new ImageResults();
                }
                byImage[image].add(result.box(), result.score(), category);
              }
            });
    images.refuse(title, truth.title(), detections);
    categories.refuse(title, truth.title(), detections);
    return new CocoResults(
        scores(title, byImage, truth, detections), truth.categories(), truth.images(), detections);
  }

  private static Scores scores(
      String title, ImageResults[] byImage, Annotations truth, long detections) {
    AveragePrecision metric = new AveragePrecision(truth.categories());
    for (int image = 0; image < byImage.length; image++) {
      ImageResults of = byImage[image] == null ? new ImageResults() : byImage[image];
      FoundObjects found = of.found();
      byImage[image] = null;
      metric.add(image, truth.truth().get(image), found);
    }
    if (!metric.hasObjects()) {
      throw new DataException(
          String.format(
              Locale.ROOT,
              "Cannot score results %s: annotations %s have no object to find",
              title,
              truth.title()));
    }
    Scores scores = metric.scores();
    List<String> notes = new ArrayList<>(scores.notes());
    if (detections == 0) {
      notes.add(title + " has not one detection");
    }
    notes.addAll(truth.notes());
    return new Scores(scores.main(), scores.details(), notes);
  }
}
