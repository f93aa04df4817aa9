package io.dropblock.bench.step.workload;

import io.dropblock.bench.figure.MeasurementException;
import io.dropblock.bench.figure.TensorShape;
import io.dropblock.detection.Anchors;
import io.dropblock.detection.DetectionSettings;
import io.dropblock.detection.Detections;
import io.dropblock.detection.Detector;
import java.lang.ref.Reference;
import java.nio.FloatBuffer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The detections of every image, with the settings of the reference: of 5,000 pairs of anchor and
 * class, and 100 at most.
 */
record DetectedObjects(Anchors anchors, Detector detector, TensorShape images, int classes)
    implements OutputReader {
  private static final int CODES = 4;

  static DetectedObjects of(Anchors anchors, TensorShape images, int classes) {
    var detector = new Detector(anchors, classes, DetectionSettings.REFERENCE);
    return new DetectedObjects(anchors, detector, images, classes);
  }

  @Override
  public void read(INDArray... outputs) {
    FloatBuffer logits = outputs[0].data().asNioFloat();
    FloatBuffer codes = outputs[1].data().asNioFloat();
    for (int sample = 0; sample < images.samples(); sample++) {
      Detections found =
          detector.detect(
              logits,
              logits.position() + sample * anchors.count() * classes,
              codes,
              codes.position() + sample * anchors.count() * CODES,
              images.height(),
              images.width());
      requireSome(found);
    }
    Reference.reachabilityFence(outputs);
  }

  /** Whatever the image, there are scores above 0. */
  private static void requireSome(Detections found) {
    if (found.count() == 0) {
      throw new MeasurementException("nothing is detected in an image");
    }
    for (float score : found.scores()) {
      if (!(score > 0 && score <= 1)) {
        throw new MeasurementException("a detection's score is " + score);
      }
    }
  }
}
