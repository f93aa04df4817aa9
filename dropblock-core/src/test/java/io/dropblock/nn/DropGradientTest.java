package io.dropblock.nn;

import static org.assertj.core.api.Assertions.assertThat;

import io.dropblock.op.Normalization;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.deeplearning4j.gradientcheck.GradientCheckUtil;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Gradients through the sites are those of finite differences, in double precision. */
class DropGradientTest {
  private static final DropBlockStep STEP = new DropBlockStep(.6, 42, 6, 0);
  private static final int SAMPLES = 4;

  /** Moving statistics are parameters for DL4J, but have no gradient. */
  private static final Set<String> MOVING = Set.of("bn2_mean", "bn2_log10stdev");

  @BeforeEach
  void useDoubles() {
    Nd4j.setDefaultDataTypes(DataType.DOUBLE, DataType.DOUBLE);
  }

  @AfterEach
  void useFloats() {
    Nd4j.setDefaultDataTypes(DataType.FLOAT, DataType.FLOAT);
  }

  static Stream<Arguments> layers() {
    List<DropBlock.Builder> builders =
        List.of(
            new DropBlock.Builder().blockSize(3),
            new DropBlock.Builder().blockSize(2, 3).exactKeep(true),
            new DropBlock.Builder().blockSize(2).sharedChannels(true),
            new DropBlock.Builder().blockSize(2).normalization(Normalization.SAMPLE),
            new DropBlock.Builder().blockSize(2).normalization(Normalization.NONE),
            DropBlock.dropout(),
            DropBlock.spatialDropout());
    return builders.stream()
        .flatMap(
            builder ->
                Stream.of(WorkspaceMode.ENABLED, WorkspaceMode.NONE)
                    .map(mode -> Arguments.of(builder.build(), mode)));
  }

  /** In place on the branch, whose input nobody else reads; not on the skip. */
  @ParameterizedTest
  @MethodSource("layers")
  void throughDropBlock(DropBlock layer, WorkspaceMode workspaces) {
    var graph =
        Nets.begin(workspaces, DataType.DOUBLE)
            .addLayer("conv2", Nets.convolution(), "tanh")
            .addLayer("bn2", new BatchNormalization(), "conv2")
            .addLayer("drop", layer.clone(), "bn2")
            .addLayer("skip", layer.clone(), "tanh")
            .addVertex("sum", new ElementWiseVertex(ElementWiseVertex.Op.Add), "drop", "skip");
    check(Nets.end(graph, "sum"), 2);
  }

  @ParameterizedTest
  @EnumSource(
      value = WorkspaceMode.class,
      names = {"ENABLED", "NONE"})
  void throughDropPath(WorkspaceMode workspaces) {
    var graph =
        Nets.begin(workspaces, DataType.DOUBLE)
            .addLayer("conv2", Nets.convolution(), "tanh")
            .addVertex("path", new DropPath(), "conv2")
            .addVertex("sum", new ElementWiseVertex(ElementWiseVertex.Op.Add), "path", "tanh");
    check(Nets.end(graph, "sum"), 1);
  }

  private static void check(ComputationGraph network, int sites) {
    DropBlockSites.of(network).set(STEP);
    boolean passed =
        GradientCheckUtil.checkGradients(
            new GradientCheckUtil.GraphConfig()
                .net(network)
                .epsilon(1e-6)
                .maxRelError(1e-5)
                .excludeParams(MOVING)
                .minAbsoluteError(1e-9)
                .inputs(new INDArray[] {Nets.images(DataType.DOUBLE, SAMPLES)})
                .labels(new INDArray[] {Nets.labels(DataType.DOUBLE, SAMPLES)}));
    assertThat(passed).isTrue();
    assertThat(DropBlockSites.of(network).keptFractions().values())
        .hasSize(sites)
        .allMatch(kept -> kept > 0 && kept < 1);
  }
}
