package io.dropblock.spark.objective;

import io.dropblock.detection.AnchorMatcher;
import io.dropblock.detection.Anchors;
import io.dropblock.detection.DetectionSettings;
import io.dropblock.detection.Detections;
import io.dropblock.detection.Detector;
import io.dropblock.metric.coco.AveragePrecision;
import io.dropblock.metric.coco.FoundObjects;
import io.dropblock.nn.FloatArrays;
import io.dropblock.spark.data.annotation.ObjectSet;
import io.dropblock.spark.data.feed.AnchorTargets;
import io.dropblock.spark.data.feed.ObjectTargets;
import io.dropblock.spark.data.feed.Targets;
import io.dropblock.spark.data.image.PlacedObjects;
import java.nio.FloatBuffer;
import java.util.ArrayList;
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

  private final List<String> classes;
  private final AnchorTargets targets;
  private final int size;
  private final int outputs;
  private final DetectionSettings settings;
  private final boolean keepsFound;
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
    this(classes, targets, size, outputs, settings, false);
  }

  private Detection(
      List<String> classes,
      AnchorTargets targets,
      int size,
      int outputs,
      DetectionSettings settings,
      boolean keepsFound) {
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
    this.keepsFound = keepsFound;
  }

  /** The same, with a metric that keeps what is found in each image. */
  public Detection keepingFound() {
    return new Detection(classes, targets, size, outputs, settings, true);
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
    AveragePrecision metric = new AveragePrecision(classes);
    return keepsFound ? metric.keepingFound() : metric;
  }

  @Override
  public Answers add(AveragePrecision metric, INDArray[] outputs, Targets batch) {
    ObjectTargets objects = (ObjectTargets) batch;
    List<ObjectSet> truth = objects.truth();
    List<Optional<Detections>> inSquares = detections(outputs, batch);
    List<Optional<FoundObjects>> found = stored(inSquares, objects.images());
    for (int image = 0; image < truth.size(); image++) {
      if (found.get(image).isPresent()) {
        metric.add(
            truth.get(image).imageId(), StoredBoxes.of(truth.get(image)), found.get(image).get());
      } else {
        metric.addNotFinite();
      }
    }
    return new DetectionAnswers(objects, inSquares, found);
  }

  /** What a network says of a batch, in pixels of the stored images; see {@link #detections}. */
  public List<Optional<FoundObjects>> found(INDArray[] outputs, Targets batch) {
    return stored(detections(outputs, batch), ((ObjectTargets) batch).images());
  }

  private static List<Optional<FoundObjects>> stored(
      List<Optional<Detections>> inSquares, List<PlacedObjects> images) {
    return IntStream.range(0, images.size())
        .mapToObj(
            image -> inSquares.get(image).map(found -> StoredBoxes.of(found, images.get(image))))
        .toList();
  }

  /**
   * What a network says of a batch, in pixels of its square, with labels of the data set.
   *
   * @param outputs of the network in inference
   * @param batch nothing of its images may be cut off or mirrored, as in evaluation
   * @return of each image what was found, the best first; nothing where an output is not finite
   */
  public synchronized List<Optional<Detections>> detections(INDArray[] outputs, Targets batch) {
    List<PlacedObjects> images = ((ObjectTargets) batch).images();
    List<Optional<Detections>> found = new ArrayList<>(images.size());
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

  private Optional<Detections> found(
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
    return Optional.of(ofClasses(found));
  }

  private Detector detector() {
    if (detector == null) {
      detector =
          new Detector(new Anchors(targets.anchors(), size, targets.strides()), outputs, settings);
    }
    return detector;
  }

  /** Those of the data set's classes, with their labels. */
  private Detections ofClasses(Detections found) {
    int[] kept =
        IntStream.range(0, found.count())
            .filter(i -> targets.outputs().contains(found.labels()[i]))
            .toArray();
    float[] boxes = new float[4 * kept.length];
    float[] scores = new float[kept.length];
    int[] labels = new int[kept.length];
    for (int i = 0; i < kept.length; i++) {
      System.arraycopy(found.boxes(), 4 * kept[i], boxes, 4 * i, 4);
      scores[i] = found.scores()[kept[i]];
      labels[i] = targets.outputs().indexOf(found.labels()[kept[i]]);
    }
    return new Detections(boxes, scores, labels);
  }
}
