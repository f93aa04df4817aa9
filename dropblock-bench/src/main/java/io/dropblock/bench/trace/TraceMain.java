package io.dropblock.bench.trace;

import io.dropblock.bench.figure.MeasurementException;
import io.dropblock.bench.process.Child;
import io.dropblock.bench.process.Parent;
import io.dropblock.cpu.ComputeThreads;
import io.dropblock.onednn.OneDnn;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The process that computes. */
public final class TraceMain {
  private static final String DONE = "done";
  private static final int HEAP_MIB = 1024;

  private TraceMain() {}

  /**
   * Writes a network's trace in a JVM of its own.
   *
   * @param progress gets a line for each part written
   * @throws MeasurementException if that fails
   */
  public static void run(TraceSettings settings, PrintStream progress) {
    List<String> options = new ArrayList<>(Child.NATIVE_MEMORY);
    options.add(String.format(Locale.ROOT, "-Xmx%dm", HEAP_MIB));
    try (Child child =
        Child.start(TraceMain.class, settings, options, Child.threads(settings.threads()))) {
      for (String line = child.answer(); !line.equals(DONE); line = child.answer()) {
        progress.printf(Locale.ROOT, "%s: %s%n", settings.model(), line);
      }
    }
  }

  /**
   * Computes and writes.
   *
   * @param arguments the settings
   */
  public static void main(String[] arguments) {
    Parent.serve(arguments, TraceSettings.class, TraceMain::write);
  }

  private static void write(TraceSettings settings, Parent parent) throws IOException {
    ComputeThreads.set(settings.threads());
    OneDnn.requireHelpers();
    NetworkTrace.write(settings, parent::say);
    parent.say(DONE);
  }
}
