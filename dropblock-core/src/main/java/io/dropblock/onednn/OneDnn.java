package io.dropblock.onednn;

import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import org.deeplearning4j.config.DL4JSystemProperties;
import org.nd4j.linalg.api.ops.executioner.OpExecutioner.ExecutionerType;
import org.nd4j.linalg.cpu.nativecpu.bindings.Nd4jCpu;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOps;
import org.nd4j.nativeblas.NativeOpsHolder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * oneDNN for DL4J's layers: ten times the speed for a CIFAR ResNet. It comes on by itself, when
 * ND4J starts ({@link OneDnnAtStart}), in every program that has this module on its class path, and
 * says so once in the log. {@code -Dorg.eclipse.deeplearning4j.helpers.disable=true}, DL4J's own
 * property, keeps it off.
 *
 * <p>Needs a backend built with oneDNN (classifier {@code linux-x86_64-onednn}) and arrays of type
 * FLOAT; whatever else is calculated as DL4J does without it. Convolutions take {@link
 * OneDnnConvolution} and batch normalisations {@link OneDnnBatchNormalization} as their helpers.
 * Pooling and depthwise convolutions need none: they are single ops of ND4J, which run in oneDNN
 * anyway.
 */
public final class OneDnn {
  private static final Logger LOG = LoggerFactory.getLogger(OneDnn.class);
  private static final String PROPERTY = DL4JSystemProperties.DISABLE_HELPER_PROPERTY;
  private static final AtomicBoolean TOLD = new AtomicBoolean();

  private OneDnn() {}

  /**
   * Whether layers made now calculate with oneDNN.
   *
   * @param on whether they do
   * @param threads of the calling thread's OpenMP team, at least 1: those that oneDNN uses
   * @param obstacle why not; empty if on
   */
  public record State(boolean on, int threads, String obstacle) {
    /** {@code oneDNN on, 2 threads}, or {@code oneDNN off: } and why. */
    @Override
    public String toString() {
      return on
          ? String.format(
              Locale.ROOT, "oneDNN on, %d %s", threads, threads == 1 ? "thread" : "threads")
          : "oneDNN off: " + obstacle;
    }
  }

  /**
   * Lets layers that are made from now on calculate with oneDNN; layers made before stay as they
   * are. Has been called when ND4J has started; a second time does nothing. A value that the user
   * has set for DL4J's property stands, and so does DL4J's default where ND4J computes on a GPU:
   * there its layers would look for cuDNN's helpers, which are not in our jar.
   *
   * @return whether oneDNN is on
   */
  public static boolean enable() {
    if (Nd4j.getExecutioner().type() == ExecutionerType.NATIVE_CPU) {
      if (System.getProperty(PROPERTY) == null) {
        System.setProperty(PROPERTY, "false");
      }
      HelperLoader.install();
    }
    State state = state();
    if (TOLD.compareAndSet(false, true)) {
      LOG.info("{}", state);
    }
    return state.on();
  }

  /** What holds for a layer made now, by what is set. {@link #requireHelpers} goes and sees. */
  public static State state() {
    // First, as it starts ND4J, without which there are no native ops.
    ExecutionerType backend = Nd4j.getExecutioner().type();
    NativeOps ops = NativeOpsHolder.getInstance().getDeviceNativeOps();
    String obstacle = obstacle(backend, ops);
    return new State(obstacle.isEmpty(), Math.max(1, ops.ompGetMaxThreads()), obstacle);
  }

  private static String obstacle(ExecutionerType backend, NativeOps ops) {
    if (backend != ExecutionerType.NATIVE_CPU) {
      return "ND4J's backend is " + backend;
    }
    // As DL4J reads it, for which no value is true.
    if (Boolean.parseBoolean(System.getProperty(PROPERTY, "true"))) {
      return "switched off by -D" + PROPERTY + "=true";
    }
    if (!HelperLoader.isInstalled()) {
      return "DL4J's class loader was set to another (DL4JClassLoading.setDl4jClassloader)";
    }
    // ND4J's isUseONEDNN is true without it, too.
    if (!ops.buildInfo().contains("HAVE_ONEDNN")) {
      return "ND4J's native library is built without it (take the classifier linux-x86_64-onednn)";
    }
    if (!Nd4j.getEnvironment().helpersAllowed()
        || !Nd4jCpu.Environment.getInstance().isUseONEDNN()) {
      return "ND4J is told not to use it (Nd4j.getEnvironment().allowHelpers(false))";
    }
    return "";
  }

  /**
   * Proves that oneDNN is on: makes a small network of a convolution, a batch normalisation and a
   * pooling layer, runs it forward and backward, and looks at the layers whether their helpers did
   * the calculation. Some milliseconds; leaves ND4J's random numbers as they were.
   *
   * @throws IllegalStateException if oneDNN is off or a layer calculates without it, with the
   *     reason
   */
  public static void requireHelpers() {
    State state = state();
    if (!state.on()) {
      throw new IllegalStateException("Cannot calculate with oneDNN: " + state.obstacle());
    }
    List<String> without = HelperProbe.layersWithout();
    if (!without.isEmpty()) {
      throw new IllegalStateException(
          "Cannot calculate with oneDNN: switched on, yet not used by " + without);
    }
  }
}
