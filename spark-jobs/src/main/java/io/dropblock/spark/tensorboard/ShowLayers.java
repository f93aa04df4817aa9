package io.dropblock.spark.tensorboard;

import io.dropblock.spark.train.EpochEnd;
import io.dropblock.spark.train.EpochHook;
import io.dropblock.spark.train.event.RunEvent;
import java.util.function.Consumer;

/**
 * Writes histograms of the watched layers at the end of each epoch.
 *
 * @param log of the run
 */
public record ShowLayers(TensorBoardLog log) implements EpochHook {

  @Override
  public String work() {
    return "histograms";
  }

  @Override
  public EpochEnd after(EpochEnd end, Consumer<RunEvent> events) {
    log.write(end.plan().epoch() + 1, end.layers());
    return end;
  }
}
