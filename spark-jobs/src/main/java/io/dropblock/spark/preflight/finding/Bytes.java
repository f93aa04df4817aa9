package io.dropblock.spark.preflight.finding;

import java.util.Locale;

/** Sizes and rates for people. */
public final class Bytes {
  private static final long MEBIBYTE = 1 << 20;
  private static final long GIBIBYTE = 1 << 30;
  private static final double MEGABYTE = 1e6;
  private static final int MANY = 10;

  private Bytes() {}

  /** In MiB, or from 10 GiB on in GiB. */
  public static String of(long bytes) {
    return bytes < MANY * GIBIBYTE
        ? String.format(Locale.ROOT, "%,d MiB", (bytes + MEBIBYTE / 2) / MEBIBYTE)
        : String.format(Locale.ROOT, "%,.1f GiB", (double) bytes / GIBIBYTE);
  }

  /** In MB/s. */
  public static String rate(double bytesPerSecond) {
    double megabytes = bytesPerSecond / MEGABYTE;
    return String.format(Locale.ROOT, megabytes < MANY ? "%.1f MB/s" : "%,.0f MB/s", megabytes);
  }
}
