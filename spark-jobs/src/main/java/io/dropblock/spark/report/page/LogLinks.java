package io.dropblock.spark.report.page;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Where the logs of executors can be read.
 *
 * @param of addresses by name, {@code stdout} and {@code stderr}, by Spark's name of the executor
 */
public record LogLinks(Map<String, Map<String, String>> of) {
  /** Nowhere. */
  public static final LogLinks NONE = new LogLinks(Map.of());

  /** Those of an executor that a browser may follow; it may be null. */
  Map<String, String> ofExecutor(String executor) {
    Map<String, String> links = new LinkedHashMap<>();
    if (executor != null) {
      of.getOrDefault(executor, Map.of())
          .forEach(
              (name, address) -> {
                if (address.matches("(?i)https?://.*") || address.startsWith("/")) {
                  links.put(name, address);
                }
              });
    }
    return links;
  }
}
