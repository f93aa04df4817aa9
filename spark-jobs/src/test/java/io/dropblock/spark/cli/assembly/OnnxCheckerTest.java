package io.dropblock.spark.cli.assembly;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** ONNX's own checker likes all models of all families; where python3 has it. */
class OnnxCheckerTest {
  @TempDir private Path folder;

  @Test
  void passesAllModels() throws IOException, InterruptedException {
    OnnxChecker checker = OnnxChecker.required(folder);
    List<Path> models = new ArrayList<>();
    for (OnnxFamily family : OnnxFamily.all().toList()) {
      ComputationGraph network = family.parts().network();
      boolean detects = family.equals(OnnxFamily.detecting());
      for (int variant = 0; variant < (detects ? 8 : 4); variant++) {
        Path file = folder.resolve(family.name() + "-" + variant + ".onnx");
        try (OutputStream out = Files.newOutputStream(file)) {
          family
              .model(network, (variant & 1) == 1, (variant & 2) == 2, (variant & 4) == 4)
              .write(out);
        }
        models.add(file);
      }
    }
    OnnxChecker.Answer answer = checker.check(models);
    assertThat(answer.status()).as(answer.text()).isZero();
    assertThat(answer.fine()).isEqualTo(models.size());
  }

  @Test
  void tellsOfOneThatIsNone() throws IOException, InterruptedException {
    OnnxChecker checker = OnnxChecker.required(folder);
    Path file = folder.resolve("none.onnx");
    Files.writeString(file, "this is no model");
    OnnxChecker.Answer answer = checker.check(List.of(file));
    assertThat(answer.status()).isEqualTo(1);
    assertThat(answer.text()).contains("WRONG: " + file);
  }
}
