package io.dropblock.spark.preflight;

import io.dropblock.spark.preflight.slot.ExecutorFacts;

/** Executors of a healthy cluster, one of which is to be changed. */
final class Facts {
  static final long GIB = 1L << 30;

  private Facts() {}

  /** A task slot of an executor with one, on a host of 64 GiB with 8 processors. */
  static ExecutorFacts of(int slot, String host) {
    return of(slot, host, 4, "x86 with AVX2", "build 1", "UTF-8", 64 * GIB, 100 * GIB, "", "");
  }

  static ExecutorFacts of(
      int slot,
      String host,
      int cores,
      String processor,
      String build,
      String text,
      long machine,
      long disk,
      String gpu,
      String gpuFault) {
    return new ExecutorFacts(
        slot,
        String.valueOf(slot),
        host,
        8,
        cores,
        processor,
        "17.0.9 of Eclipse",
        build,
        text,
        "UTC",
        "en",
        new ExecutorFacts.Memory(4 * GIB, 4 * GIB, machine),
        new ExecutorFacts.Disk("/spark", disk),
        new ExecutorFacts.Gpu(gpu, gpuFault));
  }
}
