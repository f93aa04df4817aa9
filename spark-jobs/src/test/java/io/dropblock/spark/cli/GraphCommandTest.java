package io.dropblock.spark.cli;

import static io.dropblock.spark.cli.TinyRun.assertFails;
import static org.assertj.core.api.Assertions.assertThat;

import io.dropblock.nn.NetworkState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.LocalResponseNormalization;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Networks that DL4J's builder made, through the commands. */
@ExtendWith(SparkInThisJvm.class)
class GraphCommandTest {
  private static final String RECIPE =
      """
      extends: demo
      model: {family: graph, file: nets/%s.json, depth: null, width: null}
      dropblock:
        kind: %s
        groups: []
        sites: []
        after: [%s]
        block_size: 3
        keep_probability: 0.7
        group_divisor: 1
      train: {local_batch: 8, slots: 2, world: 2, epochs: 2, learning_rate: 0.01}
      """;

  @TempDir private static Path shared;
  @TempDir private Path temporary;

  @BeforeAll
  static void prepare() throws IOException {
    TinyRun.prepare(shared);
    Files.createDirectories(shared.resolve("nets"));
    write("plain", plain());
    write("residual", residual());
    write("mixed", mixed());
    recipe("plain", "dropblock", "c1, c2");
    recipe("residual", "dropblock", "relu2");
    recipe("mixed", "drop-path", "depthwise");
  }

  private static void write(String name, ComputationGraphConfiguration network) throws IOException {
    Files.writeString(shared.resolve("nets").resolve(name + ".json"), network.toJson());
  }

  private static void recipe(String name, String kind, String after) throws IOException {
    Files.writeString(
        shared.resolve(name + ".yaml"), String.format(Locale.ROOT, RECIPE, name, kind, after));
  }

  private static GraphBuilder begin() {
    return new NeuralNetConfiguration.Builder()
        .seed(3)
        .updater(new Adam(1e-3))
        .l2(.1)
        .graphBuilder()
        .addInputs("in")
        .setInputTypes(InputType.convolutional(32, 32, 3));
  }

  private static ConvolutionLayer convolution(int filters, Activation activation) {
    return new ConvolutionLayer.Builder(3, 3)
        .nOut(filters)
        .convolutionMode(ConvolutionMode.Same)
        .activation(activation)
        .build();
  }

  private static ComputationGraphConfiguration end(GraphBuilder graph, String last) {
    return graph
        .addLayer(
            "out",
            new OutputLayer.Builder(LossFunction.MCXENT)
                .nOut(6)
                .activation(Activation.SOFTMAX)
                .build(),
            last)
        .setOutputs("out")
        .build();
  }

  private static SubsamplingLayer pool() {
    return new SubsamplingLayer.Builder(SubsamplingLayer.PoolingType.MAX)
        .kernelSize(4, 4)
        .stride(4, 4)
        .build();
  }

  private static ComputationGraphConfiguration plain() {
    return end(
        begin()
            .addLayer("c1", convolution(4, Activation.RELU), "in")
            .addLayer("p1", pool(), "c1")
            .addLayer("c2", convolution(6, Activation.TANH), "p1")
            .addLayer("p2", pool(), "c2")
            .addLayer("d", new DenseLayer.Builder().nOut(8).dropOut(.9).build(), "p2"),
        "d");
  }

  private static ActivationLayer relu() {
    return new ActivationLayer.Builder().activation(Activation.RELU).build();
  }

  private static ComputationGraphConfiguration residual() {
    return end(
        begin()
            .addLayer("c1", convolution(4, Activation.IDENTITY), "in")
            .addLayer("bn1", new BatchNormalization(), "c1")
            .addLayer("relu1", relu(), "bn1")
            .addLayer("p1", pool(), "relu1")
            .addLayer("c2", convolution(4, Activation.IDENTITY), "p1")
            .addLayer("bn2", new BatchNormalization(), "c2")
            .addVertex("sum", new ElementWiseVertex(ElementWiseVertex.Op.Add), "bn2", "p1")
            .addLayer("relu2", relu(), "sum")
            .addLayer("mean", new GlobalPoolingLayer.Builder(PoolingType.AVG).build(), "relu2"),
        "mean");
  }

  private static ComputationGraphConfiguration mixed() {
    return end(
        begin()
            .addLayer("c1", convolution(4, Activation.RELU), "in")
            .addLayer("p1", pool(), "c1")
            .addLayer("lrn", new LocalResponseNormalization.Builder().build(), "p1")
            .addLayer(
                "depthwise",
                new DepthwiseConvolution2D.Builder(3, 3)
                    .depthMultiplier(1)
                    .convolutionMode(ConvolutionMode.Same)
                    .activation(Activation.ELU)
                    .build(),
                "lrn")
            .addLayer("mean", new GlobalPoolingLayer.Builder(PoolingType.AVG).build(), "depthwise"),
        "mean");
  }

  private static Answer train(String recipe, Path run, String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "train",
                shared.resolve(recipe + ".yaml").toString(),
                "--data",
                shared.resolve("data").toString(),
                "--run",
                run.toString()));
    arguments.addAll(List.of(more));
    return Answer.to(arguments.toArray(String[]::new));
  }

  private NetworkState newest(Path run) {
    return new TinyRun(shared.resolve("data"), run).checkpoint("latest").network();
  }

  /** Everything of a run, the file gone behind its first epoch. */
  @Test
  void aRunNeedsItsFileNoMore() throws IOException {
    Path whole = temporary.resolve("whole");
    assertThat(train("plain", whole).error()).isEmpty();
    Path file = shared.resolve("nets/plain.json");
    String json = Files.readString(file);

    Path run = temporary.resolve("run");
    assertThat(train("plain", run, "--set", "train.epochs=1").error()).isEmpty();
    // another network under the same name is another recipe
    Files.writeString(
        file, json.replace("\"nout\" : 8", "\"nout\" : 9").replace("\"nin\" : 8", "\"nin\" : 9"));
    assertThat(train("plain", run, "--resume").error())
        .startsWith("Cannot resume run " + run + ": model.network {")
        .contains(" cannot change within a run; ");
    // spaces and the file's name do not matter
    Files.writeString(shared.resolve("nets/other.json"), json.replaceAll("\\s+", " "));
    Files.delete(file);
    // an address, which Hadoop reads
    String other = "model.file=" + shared.resolve("nets/other.json").toUri();
    assertThat(train("plain", run, "--resume").error())
        .startsWith("Cannot load recipe ")
        .contains("Cannot read network " + file + " (model.file): there is no such file");
    assertThat(train("plain", run, "--resume", "--set", other).error())
        .startsWith("Cannot load recipe ");
    String effective = run.resolve("recipe.yaml").toString();
    Answer resumed =
        Answer.to(
            "train",
            effective,
            "--data",
            shared.resolve("data").toString(),
            "--run",
            run.toString(),
            "--resume",
            "--set",
            other,
            "--set",
            "train.epochs=2");
    assertThat(resumed.error()).isEmpty();
    assertThat(newest(run).arrays()).containsExactlyEntriesOf(newest(whole).arrays());

    Answer evaluated =
        Answer.to("evaluate", run.toString(), "--data", shared.resolve("data").toString());
    assertThat(evaluated.error()).isEmpty();
    assertThat(evaluated.out()).contains("top-1");
    Answer predicted =
        Answer.to(
            "predict",
            run.toString(),
            "--images",
            shared.resolve("images").toString(),
            "--out",
            temporary.resolve("predicted").toString());
    assertThat(predicted.error()).isEmpty();
    assertThat(predicted.out()).contains("Predicted ");
    Files.writeString(file, json);
  }

  @Test
  void aResidualNetworkTrainsMeasuresAndLeaves() {
    Path run = temporary.resolve("run");
    assertThat(train("residual", run).error()).isEmpty();
    assertThat(new TinyRun(shared.resolve("data"), run).checkpoint("best")).isNotNull();
    Path file = temporary.resolve("residual.onnx");
    Answer exported =
        Answer.to("export", run.toString(), "--format", "onnx", "--out", file.toString());
    assertThat(exported.error()).isEmpty();
    assertThat(file).isNotEmptyFile();
    Path next = temporary.resolve("next");
    Answer begun = train("residual", next, "--init", run.toString(), "--set", "train.epochs=1");
    assertThat(begun.error()).isEmpty();
    assertThat(begun.out())
        .contains("Took the trunk of run " + run)
        .contains("begin fresh: out/W, out/b");
    assertFails(
        train("plain", temporary.resolve("x"), "--init", run.toString()),
        "Cannot take the trunk of run "
            + run
            + " (epoch 2): the network of its model.file is another one than the recipe's, not only"
            + " in its last layer; give another --init");
  }

  @Test
  void layersWithoutATwinTrainToo() {
    Path run = temporary.resolve("run");
    assertThat(train("mixed", run, "--set", "train.epochs=1").error()).isEmpty();
    Answer exported =
        Answer.to(
            "export",
            run.toString(),
            "--format",
            "onnx",
            "--out",
            temporary.resolve("mixed.onnx").toString());
    assertThat(exported.status()).isEqualTo(1);
    assertThat(exported.error()).contains(", for which ONNX export knows no node");
    Answer analyzed =
        Answer.to(
            "analyze",
            "cam",
            run.toString(),
            "--data",
            shared.resolve("data").toString(),
            "--out",
            temporary.resolve("maps").toString());
    assertThat(analyzed.error())
        .contains("its network is of family graph, whose groups and last maps nobody knows");
  }

  @Test
  void describeTellsLayerByLayer() {
    Answer answer = Answer.to("describe", shared.resolve("residual.yaml").toString());
    assertThat(answer.error()).isEmpty();
    assertThat(answer.out())
        .contains("residual: residual.json, input 3x32x32, 6 classes")
        .containsPattern("c1 +ConvolutionLayer +LeanConvolution")
        .containsPattern("relu1 +ActivationLayer +done by bn1")
        .containsPattern("relu2 +ActivationLayer +done by sum +drops")
        .containsPattern("out +OutputLayer +taken as it is")
        .contains("relu2-dropblock");
  }

  @Test
  void whatCannotBeIsRefusedByName() {
    for (List<String> one :
        List.of(
            List.of(
                "dropblock.after=[c9]", "Cannot drop behind 'c9': the network has no such layer"),
            List.of("dropblock.after=[d]", "Cannot drop behind 'd': it gives no feature map"),
            List.of("dropblock.after=", "dropblock.after must be given for this model.family"),
            List.of(
                "dropblock.groups=[1]",
                "dropblock.groups must be [] for this model.family, whose places dropblock.after"
                    + " names, not [1]"),
            List.of("dropblock.group_divisor=4", "dropblock.group_divisor must be 1 for"),
            List.of("dropblock.kind=drop-path-by-cell", "not be drop-path-by-cell"),
            List.of("model.width=8", "model.width must be left out for family graph, not 8"),
            List.of("model.norm_decay=0.99", "model.norm_decay must be 0.9 for family graph"),
            List.of("data.size=64", "for images of this size (data.size, data.evaluation_size)"),
            List.of("data.classes=5", "vectors of 5 classes are needed (data.classes)"),
            List.of("model.file=nowhere.json", "nowhere.json (model.file): there is no such file"),
            List.of("model.file=" + shared.resolve("plain.yaml"), "it is not JSON"),
            List.of(
                "task={kind: detection, first_level: 3, last_level: 5, pyramid_filters: 8,"
                    + " head_filters: 8, head_convolutions: 1}",
                "model.family must be resnet or resnet-cifar for task detection, not graph"),
            List.of(
                "task={kind: segmentation, first_level: 3, last_level: 5, pyramid_filters: 8,"
                    + " head_filters: 8, head_convolutions: 1, padding: void}",
                "model.family must be resnet or resnet-cifar for task segmentation, not graph"))) {
      Answer answer =
          Answer.to("describe", shared.resolve("plain.yaml").toString(), "--set", one.get(0));
      assertThat(answer.error()).as(one.get(0)).contains(one.get(1)).startsWith("Cannot ");
      assertThat(answer.status()).isEqualTo(1);
    }
    Answer other = Answer.to("describe", "demo", "--set", "dropblock.after=[c1]");
    assertThat(other.error())
        .contains("dropblock.after must be left out for this model.family, not ['c1']");
  }
}
