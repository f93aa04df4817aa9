package io.dropblock.bench.op;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OpJsonTest {
  @TempDir private Path folder;

  @Test
  void writesTheFiguresOfTheTable() throws IOException {
    JsonNode root = written(SampleResults.of(SampleResults.QUIET));

    assertThat(root.at("/machine/processor").asText()).isEqualTo("Processor X");
    assertThat(root.at("/machine/quiet").asBoolean()).isTrue();
    assertThat(root.at("/figures")).hasSize(18);
    JsonNode inPlace = root.at("/figures/4");
    assertThat(inPlace.get("case").asText()).isEqualTo("forward in place");
    assertThat(inPlace.get("shape").asText()).isEqualTo("32x256x28x28");
    assertThat(inPlace.get("threads").asInt()).isEqualTo(1);
    assertThat(inPlace.get("median_ms").asDouble()).isEqualTo(2.8);
    assertThat(inPlace.get("calls").asLong()).isEqualTo(1000);
    assertThat(inPlace.get("times_copy").asDouble()).isEqualTo(1.4);
    assertThat(inPlace.get("times_faster_than_naive").asDouble()).isEqualTo(54 / 2.8);
    assertThat(root.at("/targets")).hasSize(8);
    assertThat(root.at("/targets/0/reached").asBoolean()).isTrue();
    assertThat(root.at("/targets/1/reached").asBoolean()).isFalse();
    assertThat(root.at("/targets/1/at_most").asDouble()).isEqualTo(2);
    assertThat(root.at("/targets/2/at_least").asDouble()).isEqualTo(10);
  }

  @Test
  void hasNoRatioOfWhatWasNotMeasured() throws IOException {
    OpFigure alone = new OpFigure(OpCase.SAMPLE, SampleResults.SHAPE, 1, 1, 1, 1, 1);
    JsonNode root = written(new OpResults(SampleResults.QUIET, List.of(alone)));

    assertThat(root.at("/figures/0/times_copy").isNull()).isTrue();
    assertThat(root.at("/targets/0").has("reached")).isFalse();
  }

  private JsonNode written(OpResults results) throws IOException {
    Path file = folder.resolve("op.json");
    OpJson.write(results, file);
    return new ObjectMapper().readTree(file.toFile());
  }
}
