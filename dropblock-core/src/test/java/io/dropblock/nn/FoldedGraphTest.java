package io.dropblock.nn;

import static org.assertj.core.api.Assertions.assertThat;

import io.dropblock.onednn.OneDnn;
import java.util.List;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.Deconvolution2D;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/** What is folded and what is not, on small graphs with drawn parameters. */
class FoldedGraphTest {
  @BeforeAll
  static void enable() {
    OneDnn.enable();
  }

  @ParameterizedTest
  @EnumSource(
      value = DataType.class,
      names = {"FLOAT", "DOUBLE"})
  void foldsEveryFormOfNormalisation(DataType type) {
    for (CNN2DFormat format : CNN2DFormat.values()) {
      ComputationGraph trained =
          network(
              type,
              format,
              (graph, in) -> {
                String last = unit(graph, "a", LeanConvolution.of(conv()), norm(true), in);
                last =
                    unit(graph, "b", LeanConvolution.of(conv().hasBias(false)), norm(false), last);
                BatchNorm locked = norm(true);
                locked.setLockGammaBeta(true);
                locked.setGamma(.5);
                locked.setBeta(.25);
                last = unit(graph, "c", LeanConvolution.of(conv()), locked, last);
                BatchNorm half = norm(false);
                half.setLockGammaBeta(true);
                half.setGamma(.5);
                last = unit(graph, "d", LeanConvolution.of(conv()), half, last);
                BatchNorm plain = norm(true);
                plain.keepVariance(false);
                last = unit(graph, "e", stock(), plain, last);
                last = unit(graph, "f", stock(), new BatchNormalization(), last);
                var variance = new BatchNormalization.Builder().useLogStd(false).build();
                return unit(graph, "g", LeanConvolution.of(conv()), variance, last);
              });
      ComputationGraph folded = FoldedNetwork.of(trained);
      folded.getConfiguration().getVertices().remove("last");
      assertThat(folded.getConfiguration().getVertices())
          .containsOnlyKeys(
              "conv-a", "conv-b", "conv-c", "conv-d", "conv-e", "conv-f", "conv-g", "out");
      requireEqual(folded, trained, type);
    }
  }

  @Test
  void foldsThroughWhatDropsNothing() {
    ComputationGraph trained =
        network(
            DataType.FLOAT,
            CNN2DFormat.NCHW,
            (graph, in) -> {
              graph
                  .addLayer("drop-in", new DropoutLayer(.5), in)
                  .addLayer("conv", LeanConvolution.of(conv()), "drop-in")
                  .addLayer("drop", DropBlock.dropout().build(), "conv")
                  .addVertex("path", new DropPath(), "drop")
                  .addLayer("bn", norm(true), "path")
                  .addLayer("left", DropBlock.dropout().build(), "bn")
                  .addLayer("right", DropBlock.spatialDropout().build(), "bn")
                  .addVertex("sum", new ResidualSum(), "left", "right");
              return "sum";
            });
    ComputationGraph folded = FoldedNetwork.of(trained);
    assertThat(folded.getConfiguration().getVertices()).containsOnlyKeys("conv", "sum", "out");
    assertThat(folded.getConfiguration().getVertexInputs().get("sum"))
        .containsExactly("conv", "conv");
    requireEqual(folded, trained, DataType.FLOAT);
  }

  @Test
  void foldsTheReaderOfAFold() {
    ComputationGraph trained =
        network(
            DataType.FLOAT,
            CNN2DFormat.NCHW,
            (graph, in) -> {
              unit(graph, "a", LeanConvolution.of(conv()), norm(false), in);
              graph
                  .addLayer("relu", new ActivationLayer(Activation.RELU), "bn-a")
                  .addLayer("tanh", new ActivationLayer(Activation.TANH), "bn-a")
                  .addVertex(
                      "sum", new ElementWiseVertex(ElementWiseVertex.Op.Add), "relu", "tanh");
              return "sum";
            });
    ComputationGraph folded = FoldedNetwork.of(trained);
    assertThat(folded.getConfiguration().getVertices())
        .containsOnlyKeys("conv-a", "relu", "tanh", "sum", "out");
    requireEqual(folded, trained, DataType.FLOAT);
  }

  /** In floats by our loops, and DL4J's own way, and with either end of the sum the convolution. */
  @ParameterizedTest
  @EnumSource(
      value = DataType.class,
      names = {"FLOAT", "DOUBLE"})
  void aConvolutionDoesTheResidualSum(DataType type) {
    for (CNN2DFormat format : CNN2DFormat.values()) {
      ComputationGraph trained =
          network(
              type,
              format,
              (graph, in) -> {
                String first = unit(graph, "a", LeanConvolution.of(conv()), norm(true), in);
                String last = unit(graph, "b", LeanConvolution.of(conv()), norm(false), first);
                graph.addVertex("left", new ResidualSum(), last, first);
                last = unit(graph, "c", LeanConvolution.of(conv()), norm(false), "left");
                graph.addVertex("right", new ResidualSum(), "left", last);
                graph.addLayer("d", LeanConvolution.of(conv()), "right");
                last = unit(graph, "e", LeanConvolution.of(conv()), norm(false), "right");
                graph.addVertex("both", new ResidualSum(), "d", last);
                return "both";
              });
      ComputationGraph folded = FoldedNetwork.of(trained);
      ComputationGraph again = FoldedNetwork.of(folded);
      assertThat(again.getConfiguration()).isEqualTo(folded.getConfiguration());
      assertThat(folded.summary(InputType.convolutional(6, 5, 2))).contains("conv-c");
      folded.getConfiguration().getVertices().remove("last");
      assertThat(folded.getConfiguration().getVertices())
          .containsOnlyKeys("conv-a", "conv-b", "conv-c", "d", "conv-e", "out");
      assertThat(folded.getConfiguration().getVertexInputs())
          .containsEntry("conv-b", List.of("conv-a", "conv-a"))
          .containsEntry("conv-c", List.of("conv-b", "conv-b"))
          .containsEntry("d", List.of("conv-c", "conv-e"))
          .containsEntry("out", List.of("d"));
      requireEqual(folded, trained, type);
      requireEqual(again, trained, type);
    }
  }

  @Test
  void aSumStaysWhereSomebodyElseWantsTheConvolution() {
    for (String output : new String[] {"conv-a", "sum"}) {
      ComputationGraph trained =
          network(
              DataType.FLOAT,
              CNN2DFormat.NCHW,
              (graph, in) -> {
                graph
                    .addLayer("left", LeanConvolution.of(conv()), in)
                    .addLayer("tanh", new ActivationLayer(Activation.TANH), "left")
                    .addLayer("conv-a", LeanConvolution.of(conv()), "tanh")
                    .addVertex("sum", new ResidualSum(), "conv-a", "tanh");
                return "sum";
              },
              output);
      trained.getConfiguration().setInferenceWorkspaceMode(WorkspaceMode.NONE);
      ComputationGraph folded = FoldedNetwork.of(trained);
      assertThat(folded.getConfiguration().getVertices()).containsKeys("conv-a", "sum");
      requireEqual(folded, trained, DataType.FLOAT);
    }
    requireUntouched(
        (graph, in) -> {
          graph
              .addLayer("conv", LeanConvolution.of(conv()), in)
              .addVertex("sum", new ResidualSum(), "conv", "conv");
          return "sum";
        });
  }

  /** The convolution reads first here, and would come last if it did the sum. */
  @Test
  void aSumStaysWhereWhatTheConvolutionReadsIsOverwritten() {
    ComputationGraph trained =
        network(
            DataType.FLOAT,
            CNN2DFormat.NCHW,
            (graph, in) -> {
              graph
                  .addLayer("first", LeanConvolution.of(conv()), in)
                  .addLayer("conv", LeanConvolution.of(conv()), "first")
                  .addLayer("tanh", new ActivationLayer(Activation.TANH), "first")
                  .addVertex("sum", new ResidualSum(), "conv", "tanh");
              return "sum";
            });
    ComputationGraph folded = FoldedNetwork.of(trained);
    assertThat(folded.getConfiguration().getVertices()).containsKeys("conv", "sum");
    requireEqual(folded, trained, DataType.FLOAT);
  }

  @Test
  void leavesAConvolutionWithTwoReadersAlone() {
    requireUntouched(
        (graph, in) -> {
          unit(graph, "a", LeanConvolution.of(conv()), norm(true), in);
          graph.addVertex("sum", new ResidualSum(), "bn-a", "conv-a");
          return "sum";
        });
  }

  @Test
  void leavesAConvolutionWithAnActivationFunctionAlone() {
    requireUntouched(
        (graph, in) ->
            unit(graph, "a", conv().activation(Activation.TANH).build(), norm(false), in));
    requireUntouched(
        (graph, in) -> unit(graph, "a", LeanConvolution.withRelu(conv()), norm(false), in));
  }

  @Test
  void leavesANormalisationOfSomethingElseAlone() {
    requireUntouched(
        (graph, in) -> {
          graph.addLayer("tanh", new ActivationLayer(Activation.TANH), in);
          graph.addLayer("bn", norm(true), "tanh");
          return "bn";
        });
    requireUntouched(
        (graph, in) ->
            unit(
                graph,
                "a",
                new Deconvolution2D.Builder(3, 3).nOut(3).activation(Activation.IDENTITY).build(),
                norm(true),
                in));
  }

  @Test
  void outputsOfTheGraphStay() {
    for (String output : new String[] {"conv-a", "bn-a", "drop"}) {
      ComputationGraph trained =
          network(
              DataType.FLOAT,
              CNN2DFormat.NCHW,
              (graph, in) -> {
                unit(graph, "a", LeanConvolution.of(conv()), norm(true), in);
                graph.addLayer("drop", DropBlock.dropout().build(), "bn-a");
                return "drop";
              },
              output);
      // With workspaces DL4J fails where an output is read within the graph
      trained.getConfiguration().setInferenceWorkspaceMode(WorkspaceMode.NONE);
      ComputationGraph folded = FoldedNetwork.of(trained);
      assertThat(folded.getConfiguration().getVertices()).containsKeys(output);
      assertThat(folded.getConfiguration().getNetworkOutputs()).containsExactly("out", output);
      requireEqual(folded, trained, DataType.FLOAT);
    }
  }

  @Test
  void aCopyForSomebodyWhoOverwritesItStays() {
    ComputationGraph trained =
        network(
            DataType.FLOAT,
            CNN2DFormat.NCHW,
            (graph, in) -> {
              unit(graph, "a", LeanConvolution.of(conv()), norm(false), in);
              graph
                  .addLayer("first", DropBlock.dropout().build(), "bn-a")
                  .addLayer("second", DropBlock.dropout().build(), "first")
                  .addLayer("tanh", new ActivationLayer(Activation.TANH), "second")
                  .addVertex("sum", new ResidualSum(), "tanh", "bn-a");
              return "sum";
            });
    trained.getConfiguration().setInferenceWorkspaceMode(WorkspaceMode.NONE);
    ComputationGraph folded = FoldedNetwork.of(trained);
    assertThat(folded.getConfiguration().getVertices())
        .containsOnlyKeys("conv-a", "second", "tanh", "sum", "out");
    requireEqual(folded, trained, DataType.FLOAT);
  }

  private static void requireUntouched(Body build) {
    ComputationGraph trained = network(DataType.FLOAT, CNN2DFormat.NCHW, build);
    ComputationGraph folded = FoldedNetwork.of(trained);
    assertThat(folded.getConfiguration()).isEqualTo(trained.getConfiguration());
    assertThat(folded.params()).isEqualTo(trained.params());
    requireEqual(folded, trained, DataType.FLOAT);
  }

  private static void requireEqual(
      ComputationGraph folded, ComputationGraph trained, DataType type) {
    // Images of its own for each: an ActivationLayer overwrites what it reads
    INDArray[] expected = trained.output(Nets.images(type, 4));
    INDArray[] found = folded.output(Nets.images(type, 4));
    assertThat(found).hasSameSizeAs(expected);
    for (int i = 0; i < found.length; i++) {
      double largest = expected[i].normmaxNumber().doubleValue();
      assertThat(found[i].sub(expected[i]).normmaxNumber().doubleValue() / largest)
          .isLessThan(type == DataType.FLOAT ? 1e-5 : 1e-12);
    }
  }

  private static ComputationGraph network(
      DataType type, CNN2DFormat format, Body body, String... outputs) {
    var graph =
        Nets.settings(WorkspaceMode.ENABLED, type)
            .activation(Activation.IDENTITY)
            .graphBuilder()
            .addInputs("in")
            .setInputTypes(InputType.convolutional(6, 5, 2));
    String from = "in";
    if (format == CNN2DFormat.NHWC) {
      graph.addLayer("last", new ActivationLayer(Activation.TANH), new ChannelsLast(), "in");
      from = "last";
    }
    String last = body.addTo(graph, from);
    String[] all = Stream.concat(Stream.of("out"), Stream.of(outputs)).toArray(String[]::new);
    graph.addLayer("out", Nets.output(), last).setOutputs(all);
    ComputationGraph network = new ComputationGraph(graph.build());
    network.init();
    Nd4j.getRandom().setSeed(17);
    network.paramTable().forEach(FoldedGraphTest::draw);
    return network;
  }

  /** Gammas of both signs, deviations around 1. */
  private static void draw(String name, INDArray parameter) {
    INDArray drawn = Nd4j.randn(DataType.DOUBLE, parameter.shape());
    if (name.endsWith("_log10stdev")) {
      drawn.muli(.2);
    } else if (name.endsWith("_var")) {
      drawn = Transforms.exp(drawn);
    } else if (name.endsWith("_W")) {
      drawn.muli(.4);
    }
    parameter.assign(drawn.castTo(parameter.dataType()));
  }

  /** Names: {@code conv-} and {@code bn-} and the id. */
  private static String unit(
      GraphBuilder graph, String id, Layer convolution, BatchNormalization norm, String from) {
    graph.addLayer("conv-" + id, convolution, from).addLayer("bn-" + id, norm, "conv-" + id);
    return "bn-" + id;
  }

  private static ConvolutionLayer.Builder conv() {
    return new ConvolutionLayer.Builder(3, 3).nOut(3).convolutionMode(ConvolutionMode.Same);
  }

  private static ConvolutionLayer stock() {
    return conv().activation(Activation.IDENTITY).build();
  }

  private static BatchNorm norm(boolean relu) {
    return new BatchNorm(.9, 1e-3, 1, relu);
  }

  /** Adds to a graph, behind a first vertex and tells the last vertex. */
  private interface Body {
    String addTo(GraphBuilder graph, String from);
  }
}
