package io.dropblock.nn.pyramid;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.NoOp;

/** A graph of nothing but a {@link LevelNet} called "net", and passes through it. */
record Levels(ComputationGraph graph, LevelNetVertex vertex) {

  /**
   * @param sides height and width of each level
   */
  static Levels of(LevelSettings settings, DataType type, int[]... sides) {
    String[] names = new String[sides.length];
    InputType[] types = new InputType[sides.length];
    for (int level = 0; level < sides.length; level++) {
      names[level] = "in" + level;
      types[level] =
          InputType.convolutional(
              sides[level][0], sides[level][1], settings.channels(), CNN2DFormat.NHWC);
    }
    ComputationGraph graph =
        new ComputationGraph(
            new NeuralNetConfiguration.Builder()
                .seed(3)
                .dataType(type)
                .updater(new NoOp())
                .graphBuilder()
                .addInputs(names)
                .setInputTypes(types)
                .addVertex("net", new LevelNet(settings), names)
                .setOutputs("net")
                .build());
    graph.init();
    graph.initGradientsView();
    return new Levels(graph, (LevelNetVertex) graph.getVertex("net"));
  }

  INDArray forward(boolean training, INDArray... inputs) {
    for (int level = 0; level < inputs.length; level++) {
      vertex.setInput(level, inputs[level], LayerWorkspaceMgr.noWorkspaces());
    }
    return vertex.doForward(training, LayerWorkspaceMgr.noWorkspaces());
  }

  /** The gradients by name, those at the inputs as {@code input0} and so on. */
  Map<String, INDArray> backward(INDArray epsilon) {
    vertex.setEpsilon(epsilon);
    var result = vertex.doBackward(false, LayerWorkspaceMgr.noWorkspaces());
    Map<String, INDArray> gradients = new LinkedHashMap<>();
    for (int level = 0; level < result.getSecond().length; level++) {
      gradients.put("input" + level, result.getSecond()[level]);
    }
    gradients.putAll(result.getFirst().gradientForVariable());
    return gradients;
  }

  /** {@code (factor i + first) mod modulus - modulus / 2} for each element {@code i}. */
  static INDArray pattern(int factor, int first, int modulus, long... shape) {
    INDArray values = Nd4j.create(DataType.DOUBLE, shape);
    for (long i = 0; i < values.length(); i++) {
      values.putScalar(i, (factor * i + first) % modulus - modulus / 2);
    }
    return values;
  }

  static void assertClose(String what, INDArray fast, INDArray slow, double tolerance) {
    double largest = slow.amaxNumber().doubleValue();
    double worst =
        fast.castTo(DataType.DOUBLE).sub(slow.castTo(DataType.DOUBLE)).amaxNumber().doubleValue();
    assertThat(worst).as(what).isLessThanOrEqualTo(tolerance * largest);
  }
}
