package io.dropblock.op;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import io.dropblock.cuda.CudaDriver;
import io.dropblock.cuda.CudaModule;
import io.dropblock.cuda.CudaScope;
import io.dropblock.cuda.DeviceMemory;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.ref.Reference;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The op on an NVIDIA GPU, of compute capability 5.0 or later, by NVIDIA's driver alone.
 *
 * <p>Arrays in the GPU's memory are served where they are, by address and on a stream: {@link
 * #mask}, then {@link #sample(DeviceMask, MaskKey, MaskSettings, long)} and {@link #multiply} in
 * turns, none of which waits for the GPU. As a {@link DropBlockKernel} it takes arrays in main
 * memory, which are copied to the GPU and back: for checking it, not for speed.
 *
 * <p>May be used by many threads at once; a {@link DeviceMask} by one at a time.
 */
public final class CudaKernel implements DropBlockKernel, AutoCloseable {
  private static final String PROGRAM = "dropblock.ptx";
  private static final List<DataType> TYPES =
      List.of(DataType.FLOAT, DataType.DOUBLE, DataType.FLOAT16, DataType.BFLOAT16);
  private static final long DEFAULT_STREAM = 0;

  private final CudaModule module;

  private CudaKernel(CudaModule module) {
    this.module = module;
  }

  /**
   * Loads the kernel on a GPU, which it holds on to until closed.
   *
   * @param device the GPU, from 0
   * @throws io.dropblock.cuda.CudaException if the GPU cannot be used; nothing is held then
   */
  public static CudaKernel open(CudaDriver driver, int device) {
    List<String> functions = new ArrayList<>(List.of(SampleLaunch.FUNCTION));
    for (DataType type : TYPES) {
      functions.add(ProductLaunch.function(type, false));
      functions.add(ProductLaunch.function(type, true));
    }
    return new CudaKernel(CudaModule.load(driver, device, program(), functions));
  }

  /** The program as text that the driver compiles for its GPU. */
  static String program() {
    try (InputStream in = CudaKernel.class.getResourceAsStream(PROGRAM)) {
      return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + PROGRAM + " of the jar", e);
    }
  }

  /** The GPU, from 0. */
  public int device() {
    return module.ordinal();
  }

  /**
   * Reserves memory for masks of one shape; it is to be closed.
   *
   * @param samples number of samples, at least 1
   * @param channels number of channels, at least 1
   * @throws IllegalArgumentException if there is no sample or channel, or too many elements
   * @throws io.dropblock.cuda.CudaException if the GPU has no such memory
   */
  public DeviceMask mask(
      BlockGeometry geometry, boolean sharedChannels, int samples, int channels) {
    DropMask.requireShape(geometry, sharedChannels, samples, channels);
    DeviceMemory memory =
        module.allocate(DeviceMask.bytes(geometry, sharedChannels, samples, channels));
    return new DeviceMask(geometry, sharedChannels, samples, channels, memory);
  }

  /**
   * Draws a mask, and what it scales by, in the order of a stream.
   *
   * @param stream a cudaStream_t or CUstream as a number, 0 for the default stream
   * @throws IllegalArgumentException if settings and mask differ in whether channels share a mask
   */
  public void sample(DeviceMask mask, MaskKey key, MaskSettings settings, long stream) {
    if (settings.sharedChannels() != mask.sharedChannels()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Cannot draw a mask with shared channels %s into one with %s",
              settings.sharedChannels(),
              mask.sharedChannels()));
    }
    SampleLaunch launch = new SampleLaunch(mask, key, settings);
    byte[] header = launch.header();
    try (Memory host = new Memory(header.length);
        CudaScope scope = module.enter()) {
      host.write(0, header, 0, header.length);
      scope.copyIn(mask.tally(), host, header.length, stream);
      scope.launch(
          module.function(SampleLaunch.FUNCTION),
          launch.blocks(),
          launch.threads(),
          launch.sharedBytes(),
          launch.arguments(),
          stream);
    }
    mask.scaledBy(settings.normalization());
    Reference.reachabilityFence(mask);
  }

  /**
   * Multiplies a dense tensor in the GPU's memory by a mask and its scale, in the order of a
   * stream: {@code output = input * mask * scale}, forward, and backward on the gradient.
   *
   * @param type FLOAT, DOUBLE, FLOAT16 or BFLOAT16
   * @param channelsLast whether the tensor is {@code [n, h, w, c]} in memory, or {@code [n, c, h,
   *     w]}
   * @param input the address of the first element, a multiple of an element's size
   * @param output likewise: {@code input} itself, or that of memory of its own
   * @param stream as the mask was drawn on, or one that waits for that
   * @throws IllegalArgumentException if type, address or number of elements cannot be served
   */
  public void multiply(
      DeviceMask mask, DataType type, boolean channelsLast, long input, long output, long stream) {
    ProductLaunch launch = new ProductLaunch(mask, type, channelsLast, input, output);
    try (CudaScope scope = module.enter()) {
      scope.launch(
          module.function(launch.function()),
          launch.blocks(),
          ProductLaunch.THREADS,
          launch.sharedBytes(),
          launch.arguments(),
          stream);
    }
    Reference.reachabilityFence(mask);
  }

  @Override
  public DropMask sample(
      MaskKey key, BlockGeometry geometry, MaskSettings settings, int samples, int channels) {
    DropMask drawn = new DropMask(settings, samples, channels, geometry);
    try (DeviceMask mask = mask(geometry, settings.sharedChannels(), samples, channels)) {
      sample(mask, key, settings, DEFAULT_STREAM);
      read(mask.words(), drawn.words(), DEFAULT_STREAM);
      read(mask.dropped(), drawn.dropped(), DEFAULT_STREAM);
    }
    return drawn;
  }

  /** Waits for what was put on a stream, and reads from the GPU's memory. */
  void read(long address, long[] into, long stream) {
    try (Memory copy = new Memory((long) into.length * Long.BYTES);
        CudaScope scope = module.enter()) {
      scope.copyOut(copy, address, copy.size(), stream);
      scope.synchronize(stream);
      copy.read(0, into, 0, into.length);
    }
  }

  @Override
  public void apply(DropMask mask, INDArray input, INDArray output) {
    DenseProduct product = this::multiply;
    product.apply(mask, input, output);
  }

  /** Copies to the GPU, multiplies there, copies back. */
  private void multiply(DropMask mask, boolean channelsLast, INDArray input, INDArray output) {
    DataType type = output.dataType();
    long bytes = mask.size() * type.width();
    boolean inPlace = Tensors.address(input) == Tensors.address(output);
    try (DeviceMask there = copied(mask, type);
        DeviceMemory source = module.allocate(bytes);
        DeviceMemory target = inPlace ? source : module.allocate(bytes)) {
      try (CudaScope scope = module.enter()) {
        scope.copyIn(source.address(), new Pointer(Tensors.address(input)), bytes, DEFAULT_STREAM);
      }
      multiply(there, type, channelsLast, source.address(), target.address(), DEFAULT_STREAM);
      try (CudaScope scope = module.enter()) {
        scope.copyOut(
            new Pointer(Tensors.address(output)), target.address(), bytes, DEFAULT_STREAM);
        scope.synchronize(DEFAULT_STREAM);
      }
    }
    // ND4J frees an array's memory once the array is unreachable, raw addresses or not
    Reference.reachabilityFence(input);
    Reference.reachabilityFence(output);
  }

  /** A mask of main memory, in the GPU's; it is to be closed. */
  DeviceMask copied(DropMask mask, DataType type) {
    boolean shared = mask.settings().sharedChannels();
    DeviceMask copy = mask(mask.geometry(), shared, mask.samples(), mask.channels());
    try (Memory words = new Memory(copy.wordBytes());
        Memory scales = new Memory((long) mask.samples() * Double.BYTES);
        CudaScope scope = module.enter()) {
      words.write(0, mask.words(), 0, mask.words().length);
      scales.write(0, Tensors.factors(mask, type), 0, mask.samples());
      scope.copyIn(copy.words(), words, words.size(), DEFAULT_STREAM);
      scope.copyIn(copy.scales(), scales, scales.size(), DEFAULT_STREAM);
      copy.scaledBy(mask.settings().normalization());
      return copy;
    } catch (RuntimeException | Error e) {
      try {
        copy.close();
      } catch (RuntimeException suppressed) {
        e.addSuppressed(suppressed);
      }
      throw e;
    }
  }

  /** Unloads the program and lets go of the GPU; to be called after all masks are closed. */
  @Override
  public void close() {
    module.close();
  }
}
