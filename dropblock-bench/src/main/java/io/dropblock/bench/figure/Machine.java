package io.dropblock.bench.figure;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/**
 * What figures were measured on.
 *
 * @param processor the processor's model
 * @param processors logical processors that the JVM may use
 * @param loadBefore the load average of the minute before the measurement, negative if unknown
 * @param java version and vendor of the JVM
 */
public record Machine(String processor, int processors, double loadBefore, String java) {
  /** Above it, something else ran and the figures are not worth much. */
  private static final double QUIET_LOAD = 0.5;

  /** This machine, now. */
  public static Machine here() {
    return new Machine(
        processorModel(),
        Runtime.getRuntime().availableProcessors(),
        ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage(),
        System.getProperty("java.version") + " " + System.getProperty("java.vendor"));
  }

  /** Whether nothing else seemed to run. */
  public boolean quiet() {
    return loadBefore >= 0 && loadBefore <= QUIET_LOAD;
  }

  /** A line of warning where something else ran; empty where nothing did. */
  public Optional<String> warning() {
    return quiet()
        ? Optional.empty()
        : Optional.of(
            String.format(
                Locale.ROOT,
                "WARNING: the load average was not known to be at most %.1f: something else ran,"
                    + " and these figures are not worth much",
                QUIET_LOAD));
  }

  /** Adds itself to a file of figures, as {@code machine}. */
  public void addTo(ObjectNode root) {
    root.putObject("machine")
        .put("processor", processor)
        .put("processors", processors)
        .put("load_before", loadBefore)
        .put("quiet", quiet())
        .put("java", java);
  }

  private static String processorModel() {
    Path list = Path.of("/proc/cpuinfo");
    try (var lines = Files.lines(list)) {
      return lines
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElseGet(() -> System.getProperty("os.arch"));
    } catch (IOException e) {
      return System.getProperty("os.arch");
    }
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%s, %d processors, load average before %s, Java %s",
        processor,
        processors,
        loadBefore < 0 ? "unknown" : String.format(Locale.ROOT, "%.2f", loadBefore),
        java);
  }
}
