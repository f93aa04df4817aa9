package org.nd4j.nativeblas;

/**
 * The bridge over a renamed class: DL4J 1.0.0-M2.1 asks {@code
 * org.nd4j.nativeblas.Nd4jCpu$Environment#isUseMKLDNN} by reflection whether oneDNN is there
 * ({@code BaseMKLDNNHelper.mklDnnEnabled}), a class that this version of ND4J has moved. Without it
 * every convolution, batch normalisation and pooling takes the slow path.
 *
 * @see io.dropblock.nn.OneDnn
 */
public final class Nd4jCpu {
  private Nd4jCpu() {}

  /** What the helpers' check asks. */
  public static final class Environment {
    private static final Environment INSTANCE = new Environment();

    private Environment() {}

    /** The one instance. */
    public static Environment getInstance() {
      return INSTANCE;
    }

    /** Whether the loaded native library was built with oneDNN and uses it. */
    public boolean isUseMKLDNN() {
      return org.nd4j.linalg.cpu.nativecpu.bindings.Nd4jCpu.Environment.getInstance().isUseONEDNN();
    }
  }
}
