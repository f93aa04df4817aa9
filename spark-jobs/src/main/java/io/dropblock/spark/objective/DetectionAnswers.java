package io.dropblock.spark.objective;

import io.dropblock.detection.Detections;
import io.dropblock.metric.coco.FoundObjects;
import io.dropblock.spark.data.feed.ObjectTargets;
import io.dropblock.spark.data.image.Image;
import io.dropblock.spark.data.image.PlacedObjects;
import io.dropblock.spark.data.image.ShownPixels;
import io.dropblock.spark.objective.picture.Exhibit;
import io.dropblock.spark.objective.picture.Mark;
import io.dropblock.spark.objective.picture.Panel;
import io.dropblock.spark.objective.picture.Tile;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Images with objects: the loss is 1 less the F1 score of {@link DetectionMatch}; right is where
 * all objects were found, and nothing else.
 *
 * @param batch what is there
 * @param inSquares what was found, in pixels of the squares; nothing where an output is not finite
 * @param found the same in pixels of the stored images
 */
record DetectionAnswers(
    ObjectTargets batch, List<Optional<Detections>> inSquares, List<Optional<FoundObjects>> found)
    implements Answers {
  private static final int SIDE = 176;

  @Override
  public int size() {
    return batch.size();
  }

  @Override
  public double loss(int image) {
    return found.get(image).isPresent() ? 1 - match(image).f1() : Double.NaN;
  }

  @Override
  public boolean isRight(int image) {
    return loss(image) == 0;
  }

  private DetectionMatch match(int image) {
    return DetectionMatch.of(
        StoredBoxes.of(batch.truth().get(image)), found.get(image).orElseThrow());
  }

  @Override
  public Exhibit exhibit(int image, ShownPixels pixels, List<String> classes) {
    PlacedObjects truth = batch.images().get(image);
    int width = Math.min(pixels.side(), (int) Math.round(truth.width() * truth.scaleX()));
    int height = Math.min(pixels.side(), (int) Math.round(truth.height() * truth.scaleY()));
    Image shown = pixels.image(image, Math.max(1, width), Math.max(1, height));
    Tile tile = Tile.mean(shown, SIDE);
    DetectionMatch match = match(image);
    return new Exhibit(
        "image " + truth.imageId(),
        List.of(
            String.format(
                Locale.ROOT,
                "F1 %.2f: %d found, %d missed, %d wrong",
                match.f1(),
                match.found(),
                match.missed(),
                match.wrong())),
        List.of(
            new Panel("truth", tile, true, truths(shown, truth, classes)),
            new Panel(
                String.format(
                    Locale.ROOT, "found, score at least %.1f", DetectionMarks.LEAST_SCORE),
                tile,
                true,
                detections(shown, inSquares.get(image).orElseThrow(), classes))),
        List.of());
  }

  private static List<Mark> truths(Image shown, PlacedObjects truth, List<String> classes) {
    return IntStream.range(0, truth.count())
        .limit(DetectionMarks.MOST)
        .mapToObj(
            i -> {
              int label = truth.labels()[i];
              return mark(shown, truth.boxes(), i, label, classes.get(label));
            })
        .toList();
  }

  private static List<Mark> detections(Image shown, Detections found, List<String> classes) {
    return IntStream.range(0, found.count())
        .filter(i -> found.scores()[i] >= DetectionMarks.LEAST_SCORE)
        .limit(DetectionMarks.MOST)
        .mapToObj(
            i -> {
              int label = found.labels()[i];
              String text = DetectionMarks.text(classes.get(label), found.scores()[i]);
              return mark(shown, found.boxes(), i, label, text);
            })
        .toList();
  }

  private static Mark mark(Image shown, float[] boxes, int i, int label, String text) {
    return new Mark(
        boxes[4 * i] / shown.height(),
        boxes[4 * i + 1] / shown.width(),
        boxes[4 * i + 2] / shown.height(),
        boxes[4 * i + 3] / shown.width(),
        label,
        text);
  }
}
