package io.dropblock.bench.op;

import io.dropblock.bench.figure.TensorShape;
import io.dropblock.cpu.ComputeThreads;
import io.dropblock.op.BlockGeometry;
import io.dropblock.op.CpuKernel;
import io.dropblock.op.DropBlockKernel;
import io.dropblock.op.DropMask;
import io.dropblock.op.MaskKey;
import io.dropblock.op.MaskSettings;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * The DropBlock op and what it stands beside, on float tensors in NCHW: block 7, keep probability
 * 0.9, a mask of its own for every sample and channel, and another one for every call.
 *
 * <p>{@code ./submit.sh bench op} runs it. In-place benchmarks work on their own results: a tensor
 * goes towards zero, or to infinity, which cost a processor no more than other numbers; it is
 * filled again before every iteration.
 */
@State(Scope.Benchmark)
public class OpBenchmark {
  /** Nominal rows and columns of a block. */
  public static final int BLOCK = 7;

  /** Nominal keep probability. */
  public static final double KEEP_PROBABILITY = 0.9;

  /** A {@link TensorShape}. */
  @Param("32x256x28x28")
  public String shape;

  /** Threads of the kernel, of the copy and of ND4J. */
  @Param("1")
  public int threads;

  private TensorShape tensor;
  private BlockGeometry geometry;
  private DropBlockKernel kernel;
  private MaskSettings settings;
  private long step;
  private DropMask keptMask;
  private INDArray original;
  private INDArray input;
  private INDArray output;
  private INDArray gradient;
  private INDArray floatMask;
  private NaiveDropBlock naive;

  /** Allocates everything; nothing but masks is allocated while it is measured. */
  @Setup(Level.Trial)
  public void allocate() {
    ComputeThreads.set(threads);
    tensor = TensorShape.parse(shape);
    geometry = BlockGeometry.clipped(tensor.height(), tensor.width(), BLOCK, BLOCK);
    kernel = new CpuKernel(threads);
    settings = MaskSettings.of(KEEP_PROBABILITY);
    original = Nd4j.rand(DataType.FLOAT, tensor.dimensions()).addi(0.5);
    input = original.dup('c');
    output = original.dup('c');
    gradient = original.dup('c');
    floatMask = Nd4j.ones(DataType.FLOAT, tensor.dimensions());
    keptMask = newMask();
    kernel.apply(keptMask, floatMask, floatMask);
    floatMask.divi(keptMask.scale(0));
    naive = new NaiveDropBlock(tensor, geometry, KEEP_PROBABILITY);
  }

  /** Undoes what the in-place benchmarks did. */
  @Setup(Level.Iteration)
  public void fill() {
    input.assign(original);
    gradient.assign(original);
  }

  private DropMask newMask() {
    MaskKey key = new MaskKey(1, MaskKey.layer("bench"), step++, 0);
    return kernel.sample(key, geometry, settings, tensor.samples(), tensor.channels());
  }

  /** The threads of the copy, which are there only while it is measured. */
  @State(Scope.Benchmark)
  public static class Copying {
    private PlainCopy copy;

    /** Starts them. */
    @Setup(Level.Trial)
    public void open(OpBenchmark tensors) {
      copy = new PlainCopy(tensors.original, tensors.output, tensors.threads);
    }

    /** Ends them. */
    @TearDown(Level.Trial)
    public void close() {
      copy.close();
    }
  }

  /** See {@link OpCase#COPY_MEMCPY}. */
  @Benchmark
  public void copyMemcpy(Copying state) {
    state.copy.run();
  }

  /** See {@link OpCase#COPY_ASSIGN}. */
  @Benchmark
  public INDArray copyAssign() {
    return output.assign(original);
  }

  /** See {@link OpCase#MULI}. */
  @Benchmark
  public INDArray muli() {
    return input.muli(floatMask);
  }

  /** See {@link OpCase#SAMPLE}. */
  @Benchmark
  public DropMask sample() {
    return newMask();
  }

  /** See {@link OpCase#FORWARD_IN_PLACE}. */
  @Benchmark
  public DropMask forwardInPlace() {
    DropMask mask = newMask();
    kernel.apply(mask, input, input);
    return mask;
  }

  /** See {@link OpCase#FORWARD}. */
  @Benchmark
  public DropMask forward() {
    DropMask mask = newMask();
    kernel.apply(mask, original, output);
    return mask;
  }

  /** See {@link OpCase#BACKWARD}. */
  @Benchmark
  public void backward() {
    kernel.apply(keptMask, gradient, gradient);
  }

  /** See {@link OpCase#FORWARD_BACKWARD}. */
  @Benchmark
  public DropMask forwardBackward() {
    DropMask mask = newMask();
    kernel.apply(mask, input, input);
    kernel.apply(mask, gradient, gradient);
    return mask;
  }

  /** See {@link OpCase#NAIVE}. */
  @Benchmark
  public INDArray naive() {
    naive.forward(original, output);
    return output;
  }
}
