package io.dropblock.spark.bench.step;

import io.dropblock.spark.bench.step.Signal.Word;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;

/** What a rank's process is told on its standard input, by the measurement that started it. */
final class Orders {
  private final CountDownLatch go = new CountDownLatch(1);
  private final Runnable abandoned;
  private volatile boolean stopped;

  private Orders(Runnable abandoned) {
    this.abandoned = abandoned;
  }

  /**
   * Listens.
   *
   * @param abandoned what to do when nobody is left to give orders
   */
  static Orders from(InputStream input, Runnable abandoned) {
    Orders orders = new Orders(abandoned);
    Thread thread = new Thread(() -> orders.listen(input), "orders");
    thread.setDaemon(true);
    thread.start();
    return orders;
  }

  private void listen(InputStream input) {
    try (var lines = new BufferedReader(new InputStreamReader(input, StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        Signal.parse(line).ifPresent(this::obey);
      }
    } catch (IOException e) {
      // As the end of the input
    }
    abandoned.run();
  }

  private void obey(Signal signal) {
    if (signal.word() == Word.GO) {
      go.countDown();
    } else if (signal.word() == Word.STOP) {
      stopped = true;
    }
  }

  void awaitGo() throws InterruptedException {
    go.await();
  }

  boolean stopped() {
    return stopped;
  }
}
