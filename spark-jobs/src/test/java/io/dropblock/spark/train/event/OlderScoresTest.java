package io.dropblock.spark.train.event;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class OlderScoresTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** As version 2 wrote it. */
  @Test
  void aManifestsAccuracyBecomesScoresAndItsBestOneObject() throws IOException {
    assertThat(manifest("{\"version\":2,\"top1\":0.5,\"best\":0.75,\"best_epoch\":3}"))
        .isEqualTo(
            JSON.readTree(
                "{\"version\":2,\"scores\":{\"main\":[{\"name\":\"top-1\",\"value\":0.5,\"unit\":"
                    + "\"SHARE\"}],\"details\":[],\"notes\":[]},\"best\":{\"score\":\"top-1\","
                    + "\"value\":0.75,\"epoch\":3}}"));
  }

  @Test
  void nothingIsMadeOfNothing() throws IOException {
    assertThat(manifest("{\"version\":1,\"top1\":null,\"best\":null,\"best_epoch\":null}"))
        .isEqualTo(JSON.readTree("{\"version\":1}"));
  }

  private static ObjectNode manifest(String text) throws IOException {
    ObjectNode fields = (ObjectNode) JSON.readTree(text);
    OlderScores.ofManifest(fields);
    return fields;
  }
}
