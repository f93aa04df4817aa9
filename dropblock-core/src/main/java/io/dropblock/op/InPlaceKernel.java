package io.dropblock.op;

import io.dropblock.op.DeviceArrays.Place;
import java.lang.ref.Reference;
import java.util.function.IntFunction;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * {@link CudaKernel} on ND4J's arrays in a GPU's memory, in place, on the GPU and the stream that
 * ND4J computes on for the calling thread. A mask stays where it was drawn, and nobody waits for
 * it. Masks that were let go of ({@link DropMask#close}) are drawn into again: reserving memory
 * would have the GPU wait. How many are kept is bounded ({@link FreeMasks}).
 *
 * <p>Fast for arrays that are dense in channels-first or channels-last memory, both in the same
 * order. Others are copied on the GPU: right, not fast.
 */
final class InPlaceKernel implements DropBlockKernel {
  private final DeviceArrays arrays;
  private final IntFunction<CudaKernel> kernels;
  private final FreeMasks free = new FreeMasks();

  /**
   * @param kernels that of each GPU
   */
  InPlaceKernel(DeviceArrays arrays, IntFunction<CudaKernel> kernels) {
    this.arrays = arrays;
    this.kernels = kernels;
  }

  @Override
  public DropMask sample(
      MaskKey key, BlockGeometry geometry, MaskSettings settings, int samples, int channels) {
    Place place = arrays.place();
    CudaKernel kernel = kernels.apply(place.device());
    FreeMasks.Shape shape =
        new FreeMasks.Shape(place, geometry, settings.sharedChannels(), samples, channels);
    DeviceMask old = free.take(shape);
    DeviceMask mask =
        old != null ? old : kernel.mask(geometry, settings.sharedChannels(), samples, channels);
    free.use(mask);
    try {
      kernel.sample(mask, key, settings, place.stream());
      return new GpuMask(settings, kernel, place.stream(), mask, () -> free.give(shape, mask));
    } catch (RuntimeException e) {
      free.give(shape, mask);
      throw e;
    }
  }

  @Override
  public void apply(DropMask mask, INDArray input, INDArray output) {
    DenseProduct product = this::multiply;
    product.apply(mask, input, output);
  }

  private void multiply(DropMask mask, boolean channelsLast, INDArray input, INDArray output) {
    arrays.use(
        input,
        output,
        (place, from, to) -> {
          CudaKernel kernel = kernels.apply(place.device());
          if (mask instanceof GpuMask gpu && gpu.ordinal() == place.device()) {
            kernel.multiply(
                gpu.device(), output.dataType(), channelsLast, from, to, place.stream());
          } else {
            try (DeviceMask copy = kernel.copied(mask, output.dataType())) {
              kernel.multiply(copy, output.dataType(), channelsLast, from, to, place.stream());
            }
          }
        });
    Reference.reachabilityFence(mask);
  }
}
