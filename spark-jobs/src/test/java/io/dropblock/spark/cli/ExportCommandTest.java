package io.dropblock.spark.cli;

import static io.dropblock.spark.cli.TinyRun.assertFails;
import static org.assertj.core.api.Assertions.assertThat;

import io.dropblock.exchange.Naming;
import io.dropblock.exchange.WeightsOut;
import io.dropblock.exchange.safetensors.Safetensors;
import io.dropblock.exchange.safetensors.Tensor;
import io.dropblock.nn.NamedParameters;
import io.dropblock.spark.cli.assembly.RecipeParts;
import io.dropblock.spark.recipe.Recipe;
import io.dropblock.spark.train.checkpoint.Checkpoint;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import onnx.Onnx.ModelProto;
import onnx.Onnx.NodeProto;
import onnx.Onnx.StringStringEntryProto;
import onnx.Onnx.ValueInfoProto;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Weights out of a run, and in again. */
@ExtendWith(SparkInThisJvm.class)
class ExportCommandTest {
  private static final List<String> NARROW =
      List.of(
          "model.width=2",
          "data.classes=6",
          "data.size=32",
          "train.world=1",
          "train.slots=0",
          "train.epochs=1",
          "train.learning_rate=0.01",
          "train.local_batch=4");

  @TempDir private static Path shared;
  @TempDir private Path temporary;
  private static TinyRun run;

  @BeforeAll
  static void train() throws IOException {
    TinyRun.prepare(shared);
    run = new TinyRun(shared.resolve("data"), shared.resolve("run"));
    assertThat(run.train("--set", "train.epochs=1").error()).isEmpty();
  }

  @Test
  void aNetworkGoesOutAndComesInBitEqual() throws IOException {
    Path file = temporary.resolve("weights.safetensors");
    Answer answer = export(run.folder().toString(), file);
    assertThat(answer.error()).isEmpty();
    assertThat(answer.out())
        .contains("Wrote " + file + ": 47 tensors of run " + run.folder() + " (epoch 1)");
    Safetensors written = read(file);
    assertThat(written.metadata())
        .containsEntry("network", "CIFAR ResNet-8")
        .containsEntry("task", "classification")
        .containsEntry("input.channels", "RGB")
        .containsKeys("recipe", "classes", "input.mean", "input.std", "producer");
    assertThat(written.metadata().get("classes")).startsWith("[\"").contains("\",\"");

    TinyRun next = new TinyRun(run.data(), temporary.resolve("next"));
    Answer begun = next.train("--set", "train.epochs=1", "--init", file.toString());
    assertThat(begun.error()).isEmpty();
    assertThat(begun.out())
        .contains("Took the weights of " + file + ": 47 tensors as they are and 0 converted")
        .containsPattern("stem/conv/W +taken +\\[2, 3, 3, 3] +stem/conv/W")
        .containsPattern("head/softmax/W +taken +");
    assertThat(numbers(next.checkpoint("epoch-0000")))
        .isEqualTo(numbers(run.checkpoint("epoch-0001")));
  }

  @Test
  void torchvisionsNamesAreForItsNetworksOnly() {
    assertFails(
        export(run.folder().toString(), temporary.resolve("x"), "--names", "torchvision"),
        "Cannot export run "
            + run.folder()
            + " (epoch 1) under torchvision's names: torchvision has no CIFAR"
            + " ResNet-8; take --names ours");
    assertThat(temporary.resolve("x")).doesNotExist();
  }

  @Test
  void torchvisionsWeightsNeedTorchvisionsPadding() throws IOException {
    Path file = temporary.resolve("resnet50.safetensors");
    Map<String, Tensor> weights = resnet(20);
    write(file, weights);
    assertFails(
        train(temporary.resolve("run"), "--init", file.toString()),
        "Cannot take the weights of "
            + file
            + ": they are of torchvision or timm, whose first maxima are padded on all sides; add"
            + " --set model.max_pool_padding=symmetric");
    Answer answer =
        train(
            temporary.resolve("run"),
            "--init",
            file.toString(),
            "--set",
            "model.max_pool_padding=symmetric");
    assertThat(answer.error()).isEmpty();
    assertThat(answer.out())
        .containsPattern("fc\\.weight +left +\\[20, 64] +begins fresh as \\[6, 64]")
        .containsPattern("bn1\\.running_var +taken +\\[2] +stem/bn/var")
        .containsPattern(
            "bn1\\.num_batches_tracked +kept +\\[] +updates of the statistics of stem/bn");
    Path out = temporary.resolve("out.safetensors");
    String first = temporary.resolve("run/checkpoints/epoch-0000").toString();
    assertThat(export(first, out, "--names", "torchvision").error()).isEmpty();
    Map<String, Tensor> again = read(out).tensors();
    assertThat(again).containsOnlyKeys(weights.keySet());
    weights.forEach(
        (name, tensor) -> {
          if (!name.startsWith("fc.")) {
            assertThat(again.get(name)).as(name).isEqualTo(tensor);
          }
        });
  }

  @Test
  void writesAModelThatSaysWhatItNeeds() throws IOException {
    Path file = temporary.resolve("model.onnx");
    Answer answer = onnx(file, "--pixels");
    assertThat(answer.error()).isEmpty();
    assertThat(answer.out())
        .containsPattern("Wrote " + file + ": \\d+ nodes of run " + run.folder());
    ModelProto model = ModelProto.parseFrom(Files.readAllBytes(file));
    assertThat(model.getIrVersion()).isEqualTo(8);
    assertThat(model.getOpsetImport(0).getVersion()).isEqualTo(17);
    assertThat(model.getMetadataPropsList())
        .extracting(StringStringEntryProto::getKey)
        .contains("classes", "recipe", "input.mean", "input.std", "producer", "task");
    assertThat(model.getGraph().getOutputList())
        .extracting(ValueInfoProto::getName)
        .containsExactly("logits", "probabilities");
    assertThat(operators(model)).contains("Sub", "Div").doesNotContain("BatchNormalization");
    assertThat(onnx(file, "--no-fold").error()).isEmpty();
    assertThat(operators(ModelProto.parseFrom(Files.readAllBytes(file))))
        .contains("BatchNormalization")
        .doesNotContain("Sub", "Div");
    assertFails(
        onnx(file, "--suppress"),
        "Cannot export run "
            + run.folder()
            + " (epoch 1) with --suppress: its network finds no objects");
  }

  private static List<String> operators(ModelProto model) {
    return model.getGraph().getNodeList().stream().map(NodeProto::getOpType).toList();
  }

  private static Answer onnx(Path file, String option) {
    return Answer.to(
        "export", run.folder().toString(), "--format", "onnx", "--out", file.toString(), option);
  }

  @Test
  void refusesFilesThatAreNone() throws IOException {
    Path file = temporary.resolve("bad.safetensors");
    Files.writeString(file, "this is no such file");
    assertFails(
        train(temporary.resolve("run"), "--init", file.toString()),
        "Cannot take the weights of "
            + file
            + ": its header is said to have 2338328219631577204 bytes, more than 100 MiB");
    Map<String, Tensor> weights = new LinkedHashMap<>(resnet(6));
    weights.put("layer1.0.bn1.bias", Tensor.of(new float[] {Float.NaN, 0}, 2));
    write(file, weights);
    assertFails(
        train(
            temporary.resolve("run"),
            "--init",
            file.toString(),
            "--set",
            "model.max_pool_padding=symmetric"),
        "Cannot take the weights of "
            + file
            + ": its layer1.0.bn1.bias cannot be read: its number 0 is NaN, which is not finite as"
            + " a float");
    Files.delete(file);
    assertFails(
        train(temporary.resolve("run"), "--init", file.toString()),
        "Cannot take the weights of " + file + ": there is no such file");
    Files.createDirectory(file);
    assertFails(
        train(temporary.resolve("run"), "--init", file.toString()),
        "Cannot take the weights of " + file + ": it is a folder");
    assertThat(temporary.resolve("run")).doesNotExist();
  }

  @Test
  void refusesOptionsThatDoNotFit() {
    String file = temporary.resolve("x").toString();
    for (List<String> wrong :
        List.of(
            List.of("--format", "pth", "Cannot use --format pth: it is none of onnx, safetensors"),
            List.of(
                "--names", "keras", "Cannot use --names keras: it is none of ours, torchvision"),
            List.of("--weights", "best", "Cannot use --weights best: it is none of average, raw"),
            List.of("--no-fold", "--pixels", "Cannot use --no-fold: it is for --format onnx"))) {
      List<String> arguments =
          new ArrayList<>(List.of("export", run.folder().toString(), "--out", file));
      if (!wrong.get(0).equals("--format")) {
        arguments.addAll(List.of("--format", "safetensors"));
      }
      arguments.addAll(wrong.subList(0, 2));
      Answer answer = Answer.to(arguments.toArray(String[]::new));
      assertThat(answer.status()).isEqualTo(2);
      assertThat(answer.error()).startsWith(wrong.get(2));
    }
    Answer answer = train(temporary.resolve("run"), "--init", "a.safetensors", "--weights", "raw");
    assertThat(answer.status()).isEqualTo(2);
    assertThat(answer.error())
        .startsWith("Cannot use --weights raw with --init a.safetensors: a file has one kind");
  }

  private static Answer export(String what, Path file, String... more) {
    return Answer.to(
        Stream.concat(
                Stream.of("export", what, "--format", "safetensors", "--out", file.toString()),
                Stream.of(more))
            .toArray(String[]::new));
  }

  private static Answer train(Path folder, String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "train",
                "imagenet-resnet50",
                "--data",
                run.data().toString(),
                "--run",
                folder.toString()));
    NARROW.forEach(one -> arguments.addAll(List.of("--set", one)));
    arguments.addAll(List.of(more));
    return Answer.to(arguments.toArray(String[]::new));
  }

  /** A narrow ResNet-50's, under torchvision's names. */
  private static Map<String, Tensor> resnet(int classes) {
    List<String> changes = new ArrayList<>(NARROW);
    changes.add("data.classes=" + classes);
    RecipeParts parts = new RecipeParts(Recipe.load("imagenet-resnet50", changes));
    return WeightsOut.of(parts.trunk(), parts.network(), Naming.TORCHVISION);
  }

  private static void write(Path file, Map<String, Tensor> tensors) throws IOException {
    try (OutputStream out = Files.newOutputStream(file)) {
      new Safetensors(tensors, Map.of()).write(out);
    }
  }

  private static Safetensors read(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return Safetensors.read(in, Files.size(file));
    }
  }

  private static Map<String, List<Float>> numbers(Checkpoint checkpoint) {
    Map<String, List<Float>> numbers = new LinkedHashMap<>();
    Map<String, INDArray> values = NamedParameters.of(checkpoint.network().restore()).values();
    values.forEach(
        (name, array) -> {
          List<Float> all = new ArrayList<>();
          for (float one : array.dup('c').data().asFloat()) {
            all.add(one);
          }
          numbers.put(name, all);
        });
    return numbers;
  }
}
