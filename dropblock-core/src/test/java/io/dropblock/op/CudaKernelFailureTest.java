package io.dropblock.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropblock.cuda.CudaDriver;
import io.dropblock.cuda.CudaException;
import io.dropblock.cuda.FakeDriver;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Each call of the driver fails once, at each of its turns: the error is named, nothing is left.
 */
class CudaKernelFailureTest {
  private static final int OUT_OF_MEMORY = 2;

  /** Those of CudaDriver.open. */
  private static final int OPENING_CALLS = 2;

  /** Nothing can be given back by a call that does not give it back. */
  private static final Map<String, String> LEFT_BY_ITS_OWN_FAILURE =
      Map.of(
          "cuMemFree_v2", "1 allocations ",
          "cuModuleUnload", "1 modules ",
          "cuDevicePrimaryCtxRelease_v2", "1 contexts ",
          "cuCtxPopCurrent_v2", "1 entered contexts ");

  /** All that a user of the kernel may do, through main memory and on the GPU's own. */
  private static void use(CudaDriver driver) {
    MaskKey key = new MaskKey(1, 2, 3, 4);
    BlockGeometry geometry = new BlockGeometry(6, 5, 2, 3);
    MaskSettings settings = MaskSettings.of(.8);
    INDArray input = Nd4j.ones(DataType.FLOAT, 2, 3, 6, 5);
    INDArray output = Nd4j.create(DataType.FLOAT, 2, 3, 6, 5);
    try (CudaKernel kernel = CudaKernel.open(driver, 0)) {
      DropMask drawn = kernel.sample(key, geometry, settings, 2, 3);
      kernel.apply(drawn, input, output);
      try (DeviceMask mask = kernel.mask(geometry, false, 2, 3)) {
        kernel.sample(mask, key, settings, 5);
        long address = Tensors.address(output);
        kernel.multiply(mask, DataType.FLOAT, false, address, address, 5);
      }
    }
  }

  @Test
  void everyFailureIsNamedAndFreesWhatWasTaken() {
    use(FakeDriver.open());
    assertThat(FakeDriver.left()).isEmpty();
    List<String> calls = FakeDriver.journal().stream().map(line -> line.split(" ")[0]).toList();
    assertThat(calls).hasSizeGreaterThan(40);
    Map<String, Integer> turns = new HashMap<>();
    for (int i = OPENING_CALLS; i < calls.size(); i++) {
      String call = calls.get(i);
      // what the GPU's context is entered for cannot be done without
      String cause = call.equals("cuCtxPushCurrent_v2") ? calls.get(i + 1) : call;
      String left = LEFT_BY_ITS_OWN_FAILURE.getOrDefault(cause, "");
      requireCleanFailure(call, turns.merge(call, 1, Integer::sum), left);
    }
    assertThat(turns)
        .containsOnlyKeys(
            "cuDeviceGet",
            "cuDevicePrimaryCtxRetain",
            "cuDevicePrimaryCtxRelease_v2",
            "cuCtxPushCurrent_v2",
            "cuCtxPopCurrent_v2",
            "cuModuleLoadData",
            "cuModuleGetFunction",
            "cuModuleUnload",
            "cuMemAlloc_v2",
            "cuMemFree_v2",
            "cuMemcpyHtoDAsync_v2",
            "cuMemcpyDtoHAsync_v2",
            "cuLaunchKernel",
            "cuStreamSynchronize");
  }

  private static void requireCleanFailure(String call, int turn, String left) {
    CudaDriver driver = FakeDriver.open();
    FakeDriver.fail(call, turn, OUT_OF_MEMORY);
    assertThatThrownBy(() -> use(driver))
        .as("%s fails at turn %d", call, turn)
        .isInstanceOf(CudaException.class)
        .hasMessageStartingWith("Cannot ")
        .hasMessageEndingWith(" GPU 0: " + call + " gave CUDA_ERROR_OUT_OF_MEMORY (2)");
    assertThat(FakeDriver.left()).as("left after %s failed at turn %d", call, turn).isEqualTo(left);
  }

  @Test
  void aMaskIsNotReservedForNothing() {
    try (CudaKernel kernel = CudaKernel.open(FakeDriver.open(), 1)) {
      assertThat(kernel.device()).isEqualTo(1);
      BlockGeometry geometry = new BlockGeometry(6, 5, 2, 3);
      assertThatThrownBy(() -> kernel.mask(geometry, false, 0, 3))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("Cannot make a mask for 0 samples of 3 channels");
      try (DeviceMask mask = kernel.mask(geometry, true, 2, 3)) {
        assertThatThrownBy(
                () -> kernel.sample(mask, new MaskKey(1, 2, 3, 4), MaskSettings.of(.9), 0))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessage("Cannot draw a mask with shared channels false into one with true");
        assertThatThrownBy(() -> kernel.multiply(mask, DataType.INT32, false, 0, 0, 0))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessage("Cannot multiply numbers of type INT on a GPU");
        assertThatThrownBy(() -> kernel.multiply(mask, DataType.FLOAT, false, 4096, 4098, 0))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessage(
                "Cannot multiply FLOAT numbers at address 1000 to address 1002: not a multiple of"
                    + " 4");
      }
    }
  }
}
