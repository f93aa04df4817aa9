package org.nd4j.nativeblas;

/**
 * Where DL4J 1.0.0-M2.1 looks, by reflection, whether its oneDNN helpers may be used ({@code
 * BaseMKLDNNHelper.mklDnnEnabled}): a class that this version of ND4J has moved. The answer is no,
 * without the error in the log that its absence gives: helpers of ours take the place of DL4J's for
 * convolutions and batch normalisation, and its pooling helper runs the op that the layer runs
 * without it, except that it forgets {@code avgPoolIncludePadInDivisor}.
 *
 * @see io.dropblock.onednn.OneDnn
 */
public final class Nd4jCpu {
  private Nd4jCpu() {}

  /** What DL4J's check asks. */
  public static final class Environment {
    private static final Environment INSTANCE = new Environment();

    private Environment() {}

    /** The one instance. */
    public static Environment getInstance() {
      return INSTANCE;
    }

    /** Whether DL4J's own helpers may be used: never. */
    public boolean isUseMKLDNN() {
      return false;
    }
  }
}
