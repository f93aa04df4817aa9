package io.dropblock.spark.bench.step;

import static org.assertj.core.api.Assertions.assertThat;

import io.dropblock.spark.bench.step.Signal.Word;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class OrdersTest {
  @Test
  void goesAndStopsWhenTold() throws InterruptedException {
    Orders orders = ended(line(Word.GO) + "noise\n" + line(Word.STOP));

    orders.awaitGo();
    assertThat(orders.stopped()).isTrue();
  }

  @Test
  void goesOnUntilItIsToldToStop() throws InterruptedException {
    Orders orders = ended(line(Word.GO));

    orders.awaitGo();
    assertThat(orders.stopped()).isFalse();
  }

  /** What has read these lines to their end, and has said that nobody is left. */
  private static Orders ended(String lines) throws InterruptedException {
    CountDownLatch abandoned = new CountDownLatch(1);
    Orders orders =
        Orders.from(
            new ByteArrayInputStream(lines.getBytes(StandardCharsets.UTF_8)), abandoned::countDown);
    assertThat(abandoned.await(10, TimeUnit.SECONDS)).as("abandoned").isTrue();
    return orders;
  }

  private static String line(Word word) {
    return Signal.of(word).line() + "\n";
  }
}
