package io.dropblock.spark.files;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.UUID;

/**
 * Who has a lock: the content of its file.
 *
 * @param id of this holding; no two are equal
 * @param what it does, such as "prepare"
 * @param host for people
 * @param place where its process number means something: a start of a machine's kernel and a
 *     namespace of processes; empty where that is not known
 * @param process its number
 * @param since when, ISO 8601
 */
record LockHolder(String id, String what, String host, String place, long process, String since) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** This process. */
  static LockHolder ofThisProcess(String what) {
    return new LockHolder(
        UUID.randomUUID().toString(),
        what,
        hostName(),
        placeOfThisProcess(),
        ProcessHandle.current().pid(),
        Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
  }

  /** The one in a file; null where it is none, as while it is written. */
  static LockHolder read(byte[] bytes) {
    try {
      LockHolder holder = JSON.readValue(bytes, LockHolder.class);
      return holder == null || holder.id == null || holder.place == null ? null : holder;
    } catch (IOException e) {
      return null;
    }
  }

  byte[] bytes() {
    try {
      return JSON.writeValueAsBytes(this);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Whether its process is known to have ended; false where only its silence can tell. */
  boolean hasEnded() {
    return !place.isEmpty()
        && place.equals(placeOfThisProcess())
        && ProcessHandle.of(process).isEmpty();
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "process %d on %s since %s", process, host, since);
  }

  private static String hostName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "a host without a name";
    }
  }

  /** Containers may share a host's name, and not its processes. */
  private static String placeOfThisProcess() {
    try {
      return Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip()
          + " "
          + Files.readSymbolicLink(Path.of("/proc/self/ns/pid"));
    } catch (IOException | UnsupportedOperationException e) {
      return "";
    }
  }
}
