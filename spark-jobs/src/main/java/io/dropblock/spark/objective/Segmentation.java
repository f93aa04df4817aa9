package io.dropblock.spark.objective;

import io.dropblock.metric.MeanIoU;
import io.dropblock.nn.FloatArrays;
import io.dropblock.nn.pyramid.LabelMaps;
import io.dropblock.spark.data.feed.LabelMapTargets;
import io.dropblock.spark.data.feed.Targets;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.BooleanIndexing;
import org.nd4j.linalg.indexing.conditions.Conditions;

/**
 * One class a pixel. Labels are class numbers {@code [N, h, w]} on the grid of the outputs, 255 for
 * void; the network's one output is logits {@code [N, h, w, classes]}. Measured by mean IoU on the
 * pixels of the label maps, to which the logits are upsampled.
 *
 * @param classes their names by number, the background first
 */
public record Segmentation(List<String> classes) implements Objective<MeanIoU> {
  /** Copies the names. */
  public Segmentation {
    classes = List.copyOf(classes);
  }

  @Override
  public INDArray[] labels(Targets targets) {
    int side = ((LabelMapTargets) targets).side();
    return new INDArray[] {FloatArrays.over(targets.encoded().get(0), targets.size(), side, side)};
  }

  @Override
  public MeanIoU metric() {
    return new MeanIoU(classes);
  }

  @Override
  public Answers add(MeanIoU metric, INDArray[] outputs, Targets targets) {
    LabelMapTargets maps = (LabelMapTargets) targets;
    if (BooleanIndexing.or(outputs[0], Conditions.notFinite())) {
      for (int image = 0; image < maps.size(); image++) {
        if (BooleanIndexing.or(outputs[0].slice(image), Conditions.notFinite())) {
          metric.addNotFinite();
        }
      }
      return new SegmentationAnswers(maps, new byte[0]);
    }
    byte[] predicted = LabelMaps.argMax(outputs[0], maps.side(), maps.side());
    metric.add(maps.labels(), predicted);
    return new SegmentationAnswers(maps, predicted);
  }
}
