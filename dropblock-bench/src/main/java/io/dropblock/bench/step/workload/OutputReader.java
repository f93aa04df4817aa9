package io.dropblock.bench.step.workload;

import io.dropblock.bench.figure.MeasurementException;
import io.dropblock.bench.figure.TensorShape;
import io.dropblock.model.ClassificationHead;
import io.dropblock.model.DetectionHead;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What becomes of the outputs of inference. */
sealed interface OutputReader permits SummedOutput, DetectedObjects {

  /**
   * Reads the outputs for a batch.
   *
   * @throws MeasurementException if they are not what a network gives
   */
  void read(INDArray... outputs);

  /** The reader for a network. */
  static OutputReader of(StepModel model, TensorShape images) {
    var head = model.architecture().head();
    if (head instanceof DetectionHead detection) {
      return DetectedObjects.of(model.anchors(detection, images), images, detection.classes());
    }
    return new SummedOutput(head instanceof ClassificationHead);
  }
}
