package io.dropblock.nn;

import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.memory.LayerMemoryReport;
import org.deeplearning4j.nn.conf.memory.MemoryReport;

/**
 * Configuration of a vertex without parameters and with a fixed number of inputs, whose arrays are
 * its output and its inputs' gradients alone: what DL4J asks of each, once. The running vertex is a
 * {@link ParameterlessVertex}.
 */
public abstract class ParameterlessConfiguration extends GraphVertex {
  private static final long serialVersionUID = 1L;

  /** Number of inputs. */
  protected abstract int inputs();

  @Override
  public final long numParams(boolean backprop) {
    return 0;
  }

  @Override
  public final int minVertexInputs() {
    return inputs();
  }

  @Override
  public final int maxVertexInputs() {
    return inputs();
  }

  @Override
  public final MemoryReport getMemoryReport(InputType... inputs) {
    return new LayerMemoryReport.Builder(null, getClass(), inputs[0], getOutputType(-1, inputs))
        .standardMemory(0, 0)
        .workingMemory(0, 0, 0, 0)
        .cacheMemory(0, 0)
        .build();
  }
}
