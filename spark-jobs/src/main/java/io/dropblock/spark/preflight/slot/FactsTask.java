package io.dropblock.spark.preflight.slot;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.OperatingSystemMXBean;
import io.dropblock.spark.gpu.TaskGpu;
import io.dropblock.spark.rank.RankCores;
import java.io.File;
import java.lang.management.ManagementFactory;
import java.nio.charset.Charset;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Locale;
import java.util.TimeZone;
import org.apache.spark.BarrierTaskContext;
import org.apache.spark.SparkEnv;

/**
 * Asks an executor about itself.
 *
 * @param gpu whether tasks have GPUs
 */
public record FactsTask(boolean gpu) implements SlotTask<ExecutorFacts> {
  @Override
  public ExecutorFacts run(BarrierTaskContext task) {
    SparkEnv spark = SparkEnv.get();
    return new ExecutorFacts(
        task.partitionId(),
        spark.executorId(),
        spark.blockManager().blockManagerId().host(),
        Runtime.getRuntime().availableProcessors(),
        RankCores.ofThisTask().count(),
        ProcessorModel.here(),
        java(),
        ProgramBuild.here(),
        encodings(),
        TimeZone.getDefault().getID(),
        Locale.getDefault().toLanguageTag(),
        memory(),
        disk(spark),
        gpu ? look() : new ExecutorFacts.Gpu("", ""));
  }

  /** Version and vendor of this process' Java. */
  public static String java() {
    return System.getProperty("java.version") + " of " + System.getProperty("java.vendor");
  }

  /** One name where text and names of files have the same. */
  private static String encodings() {
    String text = Charset.defaultCharset().name();
    String names = System.getProperty("sun.jnu.encoding", text);
    return text.equalsIgnoreCase(names) ? text : text + ", names of files " + names;
  }

  private static ExecutorFacts.Memory memory() {
    long heap = Runtime.getRuntime().maxMemory();
    String direct =
        ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
            .getVMOption("MaxDirectMemorySize")
            .getValue();
    long machine =
        ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
    return new ExecutorFacts.Memory(
        heap, direct.equals("0") ? heap : Long.parseLong(direct), machine);
  }

  /** The fullest one: Spark writes to all of them by turns. */
  private static ExecutorFacts.Disk disk(SparkEnv spark) {
    return Arrays.stream(spark.blockManager().diskBlockManager().localDirs())
        .min(Comparator.comparingLong(File::getUsableSpace))
        .map(folder -> new ExecutorFacts.Disk(folder.toString(), folder.getUsableSpace()))
        .orElse(new ExecutorFacts.Disk("", 0));
  }

  private static ExecutorFacts.Gpu look() {
    try {
      return new ExecutorFacts.Gpu(TaskGpu.look(), "");
    } catch (IllegalStateException e) {
      return new ExecutorFacts.Gpu("", String.valueOf(e.getMessage()));
    }
  }
}
