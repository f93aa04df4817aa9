package io.dropblock.spark.objective;

import io.dropblock.detection.AnchorMatcher;
import io.dropblock.detection.Anchors;
import io.dropblock.detection.DetectionSettings;
import io.dropblock.detection.Detections;
import io.dropblock.detection.Detector;
import io.dropblock.metric.coco.AveragePrecision;
import io.dropblock.metric.coco.FoundObjects;
import io.dropblock.nn.FloatArrays;
import io.dropblock.spark.data.feed.AnchorTargets;
import io.dropblock.spark.data.feed.ObjectTargets;
import io.dropblock.spark.data.feed.Targets;
import io.dropblock.spark.data.image.PlacedObjects;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Objects with boxes. Labels are, for every anchor, the number of an output or -1, {@code [N,
 * anchors]}, and 1 with a box code or five times 0, {@code [N, anchors, 5]}. The network's outputs
 * are logits {@code [N, positions, anchors a position * classes]} and box codes {@code [N,
 * positions, anchors a position * 4]}. Measured by COCO's average precision on the stored images.
 *
 * <p>Anchors are made where they are first needed, once for all batches. Thread-safe.
 */
public final class Detection implements Objective<AveragePrecision> {
  private static final long serialVersionUID = 1L;
  private static final int BOX = 4;

  private final List<String> classes;
  private final AnchorTargets targets;
  private final int size;
  private final int outputs;
  private final DetectionSettings settings;
  private transient Detector detector;

  /**
   * @param classes of the data set, their names by label
   * @param targets the network's anchors, and its output for each of the classes
   * @param size side of the network's square, pixels
   * @param outputs of the network for an anchor; those that are no class's are left out of what is
   *     found
   * @param settings how detections are made
   * @throws IllegalArgumentException if a class has no output
   */
  public Detection(
      List<String> classes,
      AnchorTargets targets,
      int size,
      int outputs,
      DetectionSettings settings) {
    if (targets.outputs().size() != classes.size()
        || targets.outputs().stream().anyMatch(output -> output >= outputs)) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Invalid detection: outputs %s of %d for %d classes",
              targets.outputs(),
              outputs,
              classes.size()));
    }
    this.classes = List.copyOf(classes);
    this.targets = targets;
    this.size = size;
    this.outputs = outputs;
    this.settings = settings;
  }

  @Override
  public INDArray[] labels(Targets batch) {
    FloatBuffer ofClasses = batch.encoded().get(0);
    FloatBuffer codes = batch.encoded().get(1);
    int anchors = ofClasses.capacity() / batch.size();
    return new INDArray[] {
      FloatArrays.over(ofClasses, batch.size(), anchors),
      FloatArrays.over(codes, batch.size(), anchors, AnchorMatcher.NUMBERS)
    };
  }

  @Override
  public AveragePrecision metric() {
    return new AveragePrecision(classes);
  }

  @Override
  public void add(AveragePrecision metric, INDArray[] outputs, Targets batch) {
    add(metric, found(outputs, batch), (ObjectTargets) batch);
  }

  static void add(
      AveragePrecision metric, List<Optional<FoundObjects>> found, ObjectTargets batch) {
    for (int image = 0; image < found.size(); image++) {
      ObjectTruth truth = new ObjectTruth(batch.truth().get(image));
      if (found.get(image).isPresent()) {
        metric.add(truth.image(), truth.objects(), found.get(image).get());
      } else {
        metric.addNotFinite();
      }
    }
  }

  /**
   * What a network says of a batch, in pixels of the stored images, with labels of the data set.
   *
   * @param outputs of the network in inference
   * @param batch nothing of its images may be cut off or mirrored, as in evaluation
   * @return of each image what was found, the best first; nothing where an output is not finite
   */
  public synchronized List<Optional<FoundObjects>> found(INDArray[] outputs, Targets batch) {
    List<PlacedObjects> images = ((ObjectTargets) batch).images();
    List<Optional<FoundObjects>> found = new ArrayList<>(images.size());
    FloatArrays.read(
        outputs[0],
        logits ->
            FloatArrays.read(
                outputs[1],
                codes -> {
                  for (int image = 0; image < images.size(); image++) {
                    found.add(found(images.get(image), image, images.size(), logits, codes));
                  }
                }));
    return found;
  }

  private Optional<FoundObjects> found(
      PlacedObjects image, int index, int images, FloatBuffer logits, FloatBuffer codes) {
    int ofLogits = logits.capacity() / images;
    int ofCodes = codes.capacity() / images;
    if (!Detector.isFinite(logits, index * ofLogits, ofLogits)
        || !Detector.isFinite(codes, index * ofCodes, ofCodes)) {
      return Optional.empty();
    }
    Detections found =
        detector()
            .detect(
                logits,
                index * ofLogits,
                codes,
                index * ofCodes,
                Math.min(size, image.height() * image.scaleY()),
                Math.min(size, image.width() * image.scaleX()));
    return Optional.of(stored(found, image));
  }

  private Detector detector() {
    if (detector == null) {
      detector =
          new Detector(
              new Anchors(targets.anchors(), size, targets.strides()), outputs, settings);
    }
    return detector;
  }

  /** In the stored image, without outputs that are no class of the data set. */
  private FoundObjects stored(Detections found, PlacedObjects image) {
    int[] kept =
        IntStream.range(0, found.count())
            .filter(i -> targets.outputs().contains(found.labels()[i]))
            .toArray();
    double[] boxes = new double[BOX * kept.length];
    for (int i = 0; i < kept.length; i++) {
      int at = BOX * kept[i];
      double y = Math.min(image.height(), found.boxes()[at] / image.scaleY());
      double x = Math.min(image.width(), found.boxes()[at + 1] / image.scaleX());
      double bottom = Math.min(image.height(), found.boxes()[at + 2] / image.scaleY());
      double right = Math.min(image.width(), found.boxes()[at + 3] / image.scaleX());
      boxes[BOX * i] = x;
      boxes[BOX * i + 1] = y;
      boxes[BOX * i + 2] = right - x;
      boxes[BOX * i + 3] = bottom - y;
    }
    return new FoundObjects(
        boxes,
        Arrays.stream(kept).mapToDouble(i -> found.scores()[i]).toArray(),
        Arrays.stream(kept).map(i -> targets.outputs().indexOf(found.labels()[i])).toArray());
  }
}
