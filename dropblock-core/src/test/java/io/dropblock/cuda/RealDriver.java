package io.dropblock.cuda;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** The driver of this machine, where it has a GPU. */
public final class RealDriver {
  private RealDriver() {}

  /** The driver; skips the test where there is no GPU. */
  public static CudaDriver open() {
    String problem = "there is no GPU";
    try {
      CudaDriver driver = CudaDriver.open();
      if (driver.deviceCount() > 0) {
        return driver;
      }
    } catch (CudaException e) {
      problem = e.getMessage();
    }
    assumeTrue(false, "Not run on a GPU: " + problem);
    throw new IllegalStateException();
  }
}
