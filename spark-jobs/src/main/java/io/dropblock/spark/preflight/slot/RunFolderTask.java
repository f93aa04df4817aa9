package io.dropblock.spark.preflight.slot;

import io.dropblock.spark.data.DataException;
import io.dropblock.spark.files.WholeFile;
import java.io.IOException;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.Path;
import org.apache.spark.BarrierTaskContext;
import org.apache.spark.SparkEnv;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Looks whether an executor sees the run folder, and can write there.
 *
 * @param folder of the driver's probe
 * @param token what the driver wrote there
 * @param configuration Hadoop's settings of the driver
 */
public record RunFolderTask(String folder, String token, SerializableConfiguration configuration)
    implements SlotTask<SlotTrouble> {

  @Override
  public SlotTrouble run(BarrierTaskContext task) {
    String trouble = "";
    try {
      ProbeFolder.join(
          new Path(folder), token, "slot-" + task.partitionId(), configuration.value());
    } catch (IOException | FSError | RuntimeException e) {
      trouble = DataException.reason(WholeFile.plain(e));
    }
    return new SlotTrouble(
        ExecutorFacts.name(
            SparkEnv.get().executorId(), SparkEnv.get().blockManager().blockManagerId().host()),
        trouble);
  }
}
