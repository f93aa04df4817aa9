package io.dropblock.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NearestNameTest {

  private static final List<String> KEYS = List.of("epochs", "world", "momentum", "local_batch");

  @Test
  void findsSlipsOfTheKeyboard() {
    assertThat(NearestName.of("epoch", KEYS)).contains("epochs");
    assertThat(NearestName.of("epohcs", KEYS)).contains("epochs");
    assertThat(NearestName.of("localBatch", KEYS)).contains("local_batch");
    assertThat(NearestName.of("world", KEYS)).contains("world");
  }

  @Test
  void proposesNothingFarFetched() {
    assertThat(NearestName.of("optimizer", KEYS)).isEmpty();
    assertThat(NearestName.of("", KEYS)).isEmpty();
    assertThat(NearestName.of("x".repeat(1_000_000), KEYS)).isEmpty();
    assertThat(NearestName.of("epoch", List.of())).isEmpty();
  }

  @Test
  void prefersTheFewestEdits() {
    assertThat(NearestName.of("resnet-51", List.of("resnet-101", "resnet-50")))
        .contains("resnet-50");
  }
}
