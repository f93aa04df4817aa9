package io.dropblock.spark.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dropblock.metric.TopKAccuracy;
import io.dropblock.metric.TopKByClass;
import io.dropblock.spark.data.DataException;
import io.dropblock.spark.files.HadoopPath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.factory.Nd4j;

/** Files about what was measured. */
class MeasuredFilesTest {
  private static final TopKByClass METRIC =
      new TopKByClass(List.of("cat", "a \"big\" dog, old", "owl"), new TopKAccuracy(1))
          .add(Nd4j.create(new float[][] {{1, 0, 0}, {0, 1, 0}, {1, 0, 0}}), new int[] {0, 0, 1});

  @TempDir private Path folder;

  @Test
  void aScoreThatIsUndefinedIsNull() throws IOException {
    Path file = folder.resolve("scores.json");
    MeasuredJson.write(
        path(file),
        new Configuration(),
        "demo after 1 epoch",
        new Evaluation.Result(METRIC.scores(), 3, METRIC));
    JsonNode json = new ObjectMapper().readTree(file.toFile());
    assertThat(json.get("what").asText()).isEqualTo("demo after 1 epoch");
    assertThat(json.get("images").asInt()).isEqualTo(3);
    assertThat(json.get("main").get("top-1").asDouble()).isEqualTo(1 / 3.0);
    assertThat(json.get("details").get("accuracy cat").asDouble()).isEqualTo(.5);
    assertThat(json.get("details").get("accuracy owl").isNull()).isTrue();
    assertThat(json.get("notes").get(0).asText()).isEqualTo("without an image: owl");
  }

  @Test
  void aRowIsATrueClassAndNamesAreQuoted() throws IOException {
    Path file = Files.writeString(folder.resolve("confusion.csv"), "old");
    ConfusionCsv.write(path(file), new Configuration(), METRIC);
    assertThat(file)
        .content()
        .isEqualTo(
            """
            true class,cat,"a ""big"" dog, old",owl
            cat,1,1,0
            "a ""big"" dog, old",1,0,0
            owl,0,0,0
            """
                .replace("\n", "\r\n"));
  }

  @Test
  void whatCannotBeWrittenIsTold() {
    Path nowhere = folder.resolve("file/confusion.csv");
    assertThatThrownBy(
            () -> {
              Files.writeString(folder.resolve("file"), "");
              ConfusionCsv.write(path(nowhere), new Configuration(), METRIC);
            })
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith("Cannot write confusion matrix " + path(nowhere) + ": ");
  }

  private static org.apache.hadoop.fs.Path path(Path file) {
    return HadoopPath.of(file.toString(), new Configuration());
  }
}
