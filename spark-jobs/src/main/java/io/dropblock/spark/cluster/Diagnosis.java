package io.dropblock.spark.cluster;

import io.dropblock.cuda.CudaException;
import io.dropblock.spark.ring.RingException;
import java.io.IOException;
import java.io.InvalidClassException;
import java.io.NotSerializableException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import org.apache.hadoop.fs.ChecksumException;
import org.apache.spark.SparkException;

/**
 * Whose fault an error is, from its type and those of its causes. Where it is not sure that every
 * attempt would fail alike, it is the host's, and the run tries again.
 */
final class Diagnosis {
  /** Who finds bytes wrong that could be read: not the network, not the disk. */
  private static final List<String> PARSERS =
      List.of(
          "io.dropblock.",
          "org.apache.parquet.",
          "com.fasterxml.jackson.",
          "com.sun.imageio.",
          "javax.imageio.",
          "java.util.zip.");

  /** What Spark says of a job that no other try would help. */
  private static final List<String> OF_JOBS =
      List.of(
          "not serializable",
          "spark.rpc.message.maxSize",
          "spark.driver.maxResultSize",
          "Task serialization failed");

  private Diagnosis() {}

  /** Of what a rank threw. */
  static RankFailure.Cause of(Throwable thrown) {
    List<Throwable> chain = chain(thrown);
    if (suspect(chain).isPresent()) {
      return RankFailure.Cause.RING;
    }
    if (anyIs(chain, Set.of(NotSerializableException.class, InvalidClassException.class))) {
      return RankFailure.Cause.PROGRAM;
    }
    IOException read = null;
    for (Throwable at : chain) {
      read = at instanceof IOException e ? e : read;
    }
    boolean ofHost =
        read != null
            ? !foundWrong(read)
            : chain.stream().anyMatch(Diagnosis::isOfHost) || isChecked(thrown);
    return ofHost ? RankFailure.Cause.HOST : RankFailure.Cause.PROGRAM;
  }

  /** The rank that a ring's error blames, -1 for none in particular; empty for another error. */
  static Optional<Integer> suspect(List<Throwable> chain) {
    return chain.stream()
        .filter(RingException.class::isInstance)
        .map(at -> ((RingException) at).suspect())
        .findFirst();
  }

  /** Whether a job that failed without a rank that did would fail again. */
  static boolean failsAlways(Throwable job) {
    List<Throwable> chain = chain(job);
    return anyIs(chain, Set.of(NotSerializableException.class))
        || chain.stream()
            .map(at -> String.valueOf(at.getMessage()))
            .anyMatch(text -> OF_JOBS.stream().anyMatch(text::contains));
  }

  /** An error and its causes, from the outermost on. */
  static List<Throwable> chain(Throwable thrown) {
    Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    List<Throwable> chain = new ArrayList<>();
    for (Throwable at = thrown; at != null && seen.add(at); at = at.getCause()) {
      chain.add(at);
    }
    return chain;
  }

  private static boolean anyIs(
      List<Throwable> chain, Set<? extends Class<? extends Throwable>> types) {
    return chain.stream().anyMatch(at -> types.contains(at.getClass()));
  }

  /** Whether the bytes were read, and are not what they should be. */
  private static boolean foundWrong(IOException e) {
    StackTraceElement[] trace = e.getStackTrace();
    return e instanceof ChecksumException
        || trace.length > 0 && PARSERS.stream().anyMatch(trace[0].getClassName()::startsWith);
  }

  /** Memory, libraries, processors, an executor that is about to end. */
  private static boolean isOfHost(Throwable e) {
    return e instanceof OutOfMemoryError
        || e instanceof InternalError
        || e instanceof LinkageError
        || e instanceof InterruptedException
        || e instanceof TimeoutException
        || e instanceof CancellationException
        || e instanceof RejectedExecutionException
        || e instanceof SparkException
        || e instanceof CudaException
        || isOfGpu(e);
  }

  /** ND4J's errors of a GPU have no type of their own. */
  private static boolean isOfGpu(Throwable e) {
    return !e.getClass().getName().startsWith("io.dropblock.spark.data.")
        && String.valueOf(e.getMessage()).contains("CUDA");
  }

  private static boolean isChecked(Throwable e) {
    return e instanceof Exception && !(e instanceof RuntimeException);
  }
}
