package io.dropblock.bench.step.workload;

import io.dropblock.bench.figure.TensorShape;
import io.dropblock.model.DetectionHead;
import io.dropblock.model.SegmentationHead;
import java.util.List;
import java.util.Random;

/** Labels for images of noise. */
public sealed interface SyntheticLabels permits ClassNumbers, MatchedObjects {

  /** Those of another batch, an array for each output of the network. */
  List<LabelArray> draw(Random random);

  /** What a network can be trained with on such images. */
  static SyntheticLabels of(StepModel model, TensorShape images) {
    var head = model.architecture().head();
    if (head instanceof DetectionHead detection) {
      return new MatchedObjects(model.classes(), model.anchors(detection, images), images);
    }
    if (head instanceof SegmentationHead segmentation) {
      int stride = model.stride(segmentation.pyramid().first());
      return new ClassNumbers(
          model.classes(),
          1,
          images.samples(),
          (images.height() + stride - 1) / stride,
          (images.width() + stride - 1) / stride);
    }
    return new ClassNumbers(model.classes(), head.outputs().size(), images.samples(), 1);
  }
}
