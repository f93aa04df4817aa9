package io.dropblock.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class CudaDriverTest {
  @Test
  void knowsItsVersionAndItsGpus() {
    CudaDriver driver = FakeDriver.open();
    assertThat(driver.version()).isEqualTo(13_000);
    assertThat(driver.deviceCount()).isEqualTo(2);
    assertThat(driver.device(0)).isEqualTo(new CudaDevice(0, "Fake GPU A", 8, 6, 85_899_345_920L));
    assertThat(driver.device(1)).isEqualTo(new CudaDevice(1, "Fake GPU B", 9, 6, 85_899_345_921L));
    assertThat(driver.device(1).capability()).isEqualTo("9.6");
    assertThat(CudaDriver.words(driver.version())).isEqualTo("13.0");
    assertThat(CudaDriver.words(11_060)).isEqualTo("11.6");
  }

  @Test
  void asksForFreeMemoryInTheGpusContext() {
    CudaDriver driver = FakeDriver.open();
    assertThat(driver.freeMemory(1)).isEqualTo(7_000_000_001L);
    assertThat(FakeDriver.journal())
        .containsExactly(
            "cuInit 0",
            "cuDriverGetVersion",
            "cuDeviceGet 1",
            "cuDevicePrimaryCtxRetain 1",
            "cuCtxPushCurrent_v2 1",
            "cuMemGetInfo_v2",
            "cuCtxPopCurrent_v2",
            "cuDevicePrimaryCtxRelease_v2 1");
    assertThat(FakeDriver.left()).isEmpty();
  }

  @Test
  void namesTheErrorAndTheGpu() {
    CudaDriver driver = FakeDriver.open();
    assertThatThrownBy(() -> driver.device(2))
        .isInstanceOf(CudaException.class)
        .hasMessage("Cannot find GPU 2: cuDeviceGet gave CUDA_ERROR_INVALID_DEVICE (101)")
        .extracting(e -> ((CudaException) e).code())
        .isEqualTo(101);
    FakeDriver.fail("cuDeviceGetName", 1, 4711);
    assertThatThrownBy(() -> driver.device(0))
        .hasMessage("Cannot describe GPU 0: cuDeviceGetName gave an error without a name (4711)");
  }

  @Test
  void saysThatThereIsNoGpu() {
    FakeDriver.open();
    FakeDriver.fail("cuInit", 1, 100);
    assertThatThrownBy(FakeDriver::openAgain)
        .isInstanceOf(CudaException.class)
        .hasMessage("Cannot start the CUDA driver: cuInit gave CUDA_ERROR_NO_DEVICE (100)");
  }

  @Test
  void refusesADriverThatIsTooOld() {
    FakeDriver.reset(10_020);
    assertThatThrownBy(FakeDriver::openAgain)
        .isInstanceOf(CudaException.class)
        .hasMessage(
            "Cannot use the CUDA driver: it is for CUDA 10.2, and CUDA 11.0 is the oldest that will"
                + " do; update NVIDIA's driver");
  }

  @Test
  void saysInOneLineThatThereIsNoDriver() {
    assertThatThrownBy(() -> CudaDriver.open("libno-such-cuda.so.1"))
        .isInstanceOf(CudaException.class)
        .hasMessageStartingWith("Cannot open the CUDA driver: libno-such-cuda.so.1: ")
        .hasMessageNotContaining("\n");
  }

  @Test
  void saysWhichFunctionTheDriverLacks() {
    CudaDriver driver = FakeDriver.open();
    assertThatThrownBy(() -> driver.call("do it", "cuNoSuchCall"))
        .isInstanceOf(CudaException.class)
        .hasMessage("Cannot do it: the driver has no function cuNoSuchCall");
  }
}
