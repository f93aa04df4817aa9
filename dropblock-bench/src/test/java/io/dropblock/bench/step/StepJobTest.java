package io.dropblock.bench.step;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dropblock.bench.step.workload.StepKind;
import java.util.List;
import org.junit.jupiter.api.Test;

class StepJobTest {

  @Test
  void aJobAndAReportReadBack() throws JsonProcessingException {
    StepSetup alone = new StepSetup(StepCase.OURS, 1, 2);
    assertReadsBack(SampleSteps.plan(1, false).job(StepKind.TRAINING, alone));
    assertReadsBack(new RankReport(List.of(), Double.NaN, 1, 2, 3));
  }

  private static void assertReadsBack(Record record) throws JsonProcessingException {
    ObjectMapper mapper = new ObjectMapper();
    assertThat(mapper.readValue(mapper.writeValueAsString(record), record.getClass()))
        .isEqualTo(record);
  }
}
