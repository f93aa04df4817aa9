package io.dropblock.spark.preflight.slot;

import java.io.Serializable;

/**
 * What a task slot says of its executor.
 *
 * @param slot number of the task, from 0
 * @param executor Spark's name
 * @param host as Spark names it
 * @param processors that the process may run on, quotas counted
 * @param taskCores of the task
 * @param processor its model's name, and which of AVX2 and AVX-512 it has
 * @param java version and vendor
 * @param program which build of ours, as a short text
 * @param text how text and names of files are encoded, by default
 * @param zone of time
 * @param locale of Java
 * @param memory of the process, in bytes
 * @param disk where Spark keeps what does not fit into memory
 * @param gpu what is said of the GPU that the task got; empty where none was asked for
 */
public record ExecutorFacts(
    int slot,
    String executor,
    String host,
    int processors,
    int taskCores,
    String processor,
    String java,
    String program,
    String text,
    String zone,
    String locale,
    Memory memory,
    Disk disk,
    Gpu gpu)
    implements Serializable {

  /**
   * Bytes.
   *
   * @param heap at most
   * @param direct buffers outside the heap, at most
   * @param machine of the host, or of the least control group above the process
   */
  public record Memory(long heap, long direct, long machine) implements Serializable {}

  /**
   * A folder.
   *
   * @param folder its path
   * @param free bytes
   */
  public record Disk(String folder, long free) implements Serializable {}

  /**
   * A GPU, or why there is none to train on.
   *
   * @param seen empty where none was asked for, or it is none to train on
   * @param fault empty where it can
   */
  public record Gpu(String seen, String fault) implements Serializable {}

  /** For people: "executor 1 on node7". */
  public String name() {
    return name(executor, host);
  }

  public static String name(String executor, String host) {
    return executor.equals("driver") ? "the driver" : "executor " + executor + " on " + host;
  }
}
