package io.dropblock.spark.tune;

import org.apache.spark.SparkConf;

/**
 * The memory of an executor, in MiB.
 *
 * @param heap of Java
 * @param arrays outside the heap that JavaCPP may take; 0 where the settings do not say
 * @param overhead what a container may hold beside the heap; 0 where the settings do not say
 */
public record ExecutorMemory(long heap, long arrays, long overhead) {
  static final String HEAP = "spark.executor.memory";
  static final String ARRAYS = "spark.dropblock.nativeMemory";
  static final String OVERHEAD = "spark.executor.memoryOverhead";

  /** Of a process beside heap and arrays where no overhead says: submit.sh counts with it, too. */
  private static final long REST = 1024;

  /** As the settings say. */
  public static ExecutorMemory of(SparkConf conf) {
    return new ExecutorMemory(
        conf.getSizeAsMb(HEAP, "1g"), mebibytes(conf, ARRAYS), mebibytes(conf, OVERHEAD));
  }

  private static long mebibytes(SparkConf conf, String key) {
    return conf.contains(key) ? conf.getSizeAsMb(key) : 0;
  }

  /**
   * That of other executors which take as much together. What a process has beside heap and arrays
   * stays as it is for each.
   *
   * @param before how many there are
   * @param after how many there are to be
   */
  ExecutorMemory shared(int before, int after) {
    if (before == after) {
      return this;
    }
    long newHeap = heap * before / after;
    if (arrays == 0) {
      return new ExecutorMemory(newHeap, 0, overhead * before / after);
    }
    long rest = overhead == 0 ? REST : overhead - arrays;
    long newOutside = (heap + arrays + rest) * before / after - newHeap;
    return new ExecutorMemory(newHeap, newOutside - rest, overhead == 0 ? 0 : newOutside);
  }

  /** For people. */
  String words() {
    return arrays == 0 ? heap + " MiB of heap" : heap + " MiB of heap, " + arrays + " of arrays";
  }
}
