package io.dropblock.bench.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StepJsonTest {
  private static final Offset<Double> ROUNDING = within(1e-9);

  @TempDir private Path folder;

  @Test
  void writesTheFiguresOfTheTable() throws IOException {
    JsonNode root = written(SampleSteps.plan(2, true));

    assertThat(root.at("/benchmark").asText()).isEqualTo("step");
    assertThat(root.at("/model").asText()).isEqualTo("resnet50");
    assertThat(root.at("/machine/processor").asText()).isEqualTo("Processor X");
    assertThat(root.at("/figures")).hasSize(6);
    JsonNode ranks = root.at("/figures/2");
    assertThat(ranks.get("case").asText()).isEqualTo("ranks");
    assertThat(ranks.get("kind").asText()).isEqualTo("training");
    assertThat(ranks.get("ranks").asInt()).isEqualTo(2);
    assertThat(ranks.get("threads_of_a_rank").asInt()).isEqualTo(1);
    assertThat(ranks.get("images_per_second").asDouble()).isEqualTo(16 / 2.1, ROUNDING);
    assertThat(ranks.get("least_images_per_second").asDouble())
        .isEqualTo(16 / 2.1 / 1.25, ROUNDING);
    assertThat(ranks.get("most_images_per_second").asDouble()).isEqualTo(16 / 2.1 / 0.8, ROUNDING);
    assertThat(ranks.get("repetitions").asInt()).isEqualTo(3);
    assertThat(ranks.get("steps_of_a_rank").asInt()).isEqualTo(30);
    assertThat(ranks.get("step_ms").asDouble()).isEqualTo(2100, ROUNDING);
    assertThat(ranks.at("/phases_ms/backward").asDouble()).isEqualTo(1260, ROUNDING);
    assertThat(ranks.at("/phases_ms").fieldNames())
        .toIterable()
        .containsExactly("data", "forward", "backward", "average", "update");
    assertThat(ranks.get("first_loss").asDouble()).isEqualTo(7.625);
    assertThat(ranks.get("peak_mib").asDouble()).isEqualTo(2001);
    assertThat(ranks.get("growth_mib").asDouble()).isEqualTo(3);
    assertThat(root.at("/figures/3/kind").asText()).isEqualTo("inference");
    assertThat(root.at("/figures/3/phases_ms").fieldNames())
        .toIterable()
        .containsExactly("data", "forward", "postprocessing");
    assertThat(root.at("/figures/3/phases_ms/forward").asDouble()).isEqualTo(100, ROUNDING);
    assertThat(root.at("/figures/3").has("first_loss")).isFalse();
    assertThat(root.at("/ratios")).hasSize(4);
    assertThat(root.at("/ratios/0/ratio").asText()).isEqualTo("ours / stock");
    assertThat(root.at("/ratios/0/value").asDouble()).isEqualTo(2, ROUNDING);
    assertThat(root.at("/ratios/1/value").asDouble()).isEqualTo(2 / 2.1, ROUNDING);
    assertThat(root.at("/ratios/1/at_least").asDouble()).isEqualTo(0.9);
    assertThat(root.at("/ratios/1/reached").asBoolean()).isTrue();
    assertThat(root.at("/ratios/3").has("reached")).isFalse();
  }

  @Test
  void hasNoRatioOfWhatWasNotMeasured() throws IOException {
    JsonNode root = written(SampleSteps.plan(1, false));

    assertThat(root.at("/figures")).hasSize(2);
    assertThat(root.at("/ratios")).isEmpty();
  }

  private JsonNode written(StepPlan plan) throws IOException {
    Path file = folder.resolve("step.json");
    StepJson.write(SampleSteps.of(plan, SampleSteps.QUIET), file);
    return new ObjectMapper().readTree(file.toFile());
  }
}
