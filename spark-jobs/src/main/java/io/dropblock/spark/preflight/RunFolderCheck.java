package io.dropblock.spark.preflight;

import io.dropblock.spark.data.DataException;
import io.dropblock.spark.preflight.finding.Finding;
import io.dropblock.spark.preflight.slot.ProbeFolder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** Whether the driver can write the run folder, and how much room there is. */
public final class RunFolderCheck {
  static final String NAME = "run folder";

  private RunFolderCheck() {}

  /**
   * Writes, renames, reads and deletes there; leaves nothing behind.
   *
   * @param need of a recipe, if there is one
   */
  public static List<Finding> of(Path folder, Optional<Need> need, Configuration configuration) {
    List<Finding> findings = new ArrayList<>();
    try (ProbeFolder probe = ProbeFolder.in(folder, configuration)) {
      probe.write();
      findings.add(Finding.ok(NAME, folder + " can be written, renamed and listed"));
      findings.add(DiskSpace.runs(probe.remaining(), need));
    } catch (IOException e) {
      findings.clear();
      findings.add(
          Finding.fault(
              NAME,
              "cannot write to " + folder + ": " + DataException.reason(e),
              "give a --run that can be written, or mend its rights"));
      findings.add(Finding.notChecked(DiskSpace.RUNS, "the run folder is at fault"));
    }
    return findings;
  }

  /** Where there is nothing to look at. */
  public static List<Finding> none(String reason) {
    return List.of(Finding.notChecked(NAME, reason), Finding.notChecked(DiskSpace.RUNS, reason));
  }
}
