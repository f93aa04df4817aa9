package io.dropblock.spark.ml;

import io.dropblock.spark.data.DataException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.NoSuchElementException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.apache.spark.sql.Row;

/**
 * The rows of a partition, with what the network says of their images. A batch is decoded, on
 * threads of its own, while the network is asked about the one before. Rows are taken in on the
 * thread that takes them out: Spark's iterators want that.
 */
final class AnsweredRows implements Iterator<Row>, AutoCloseable {
  /** For the images that are decoded when a task ends before its rows do. */
  private static final int PATIENCE_SECONDS = 10;

  private final Iterator<Row> rows;
  private final RowPlan plan;
  private final byte[] network;
  private final Seat seat;
  private final int partition;
  private final Deque<Row> answered = new ArrayDeque<>();
  private long told;
  private ExecutorService decoding;
  private Desk desk;
  private RowBatch ahead;
  private Thread seated;

  /** A network that fails, or is asked by another thread even now, is for nobody else. */
  private volatile boolean asking;

  /**
   * Takes nothing before somebody asks for a row.
   *
   * @param network the broadcast's
   * @param seat of the task
   * @param partition its number, for people
   */
  AnsweredRows(Iterator<Row> rows, RowPlan plan, byte[] network, Seat seat, int partition) {
    this.rows = rows;
    this.plan = plan;
    this.network = network;
    this.seat = seat;
    this.partition = partition;
  }

  @Override
  public boolean hasNext() {
    while (answered.isEmpty() && (ahead != null || rows.hasNext())) {
      answerBatch();
    }
    if (answered.isEmpty()) {
      close();
    }
    return !answered.isEmpty();
  }

  @Override
  public Row next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    return answered.remove();
  }

  private void answerBatch() {
    if (Thread.currentThread() != seated) {
      // Spark runs a task's iterators on another thread where Python comes behind
      seat.take();
      seated = Thread.currentThread();
    }
    if (desk == null) {
      decoding = decoders(seat.cores().readers());
      desk = NetworkPool.of(network).take(network, plan.inference(), plan.question(), seat);
    }
    RowBatch batch = ahead == null ? fill() : ahead;
    ahead = rows.hasNext() ? fill() : null;
    asking = true;
    List<Answer> answers = desk.ask(batch.images());
    asking = false;
    for (int i = 0; i < answers.size(); i++) {
      tell(batch.rows().get(i), answers.get(i));
    }
  }

  private RowBatch fill() {
    RowBatch batch = new RowBatch(plan.images(), desk.batch(), decoding);
    while (batch.rows().size() < plan.question().batch() && rows.hasNext()) {
      batch.add(rows.next());
    }
    return batch;
  }

  private void tell(Row row, Answer answer) {
    if (answer.broken() == null || plan.invalid() == InvalidImages.KEEP) {
      answered.add(plan.row(row, answer));
    } else if (plan.invalid() == InvalidImages.ERROR) {
      throw new DataException(
          String.format(
              Locale.ROOT,
              "Cannot predict the image of %s, row %d of partition %d: %s; set handleInvalid to"
                  + " keep or skip to go on without it",
              plan.images().place(row),
              told,
              partition,
              answer.broken()));
    }
    told++;
  }

  private static ExecutorService decoders(int threads) {
    return Executors.newFixedThreadPool(
        threads,
        work -> {
          Thread thread = new Thread(work, "image decoder");
          thread.setDaemon(true);
          return thread;
        });
  }

  /** Leaves the network to the next task. To be called where the task ends, too. */
  @Override
  public synchronized void close() {
    if (desk != null && hasStopped() && !asking) {
      NetworkPool.of(network).giveBack(desk, plan.question(), seat);
    }
    desk = null;
  }

  /** Whether nothing is decoded into the desk's memory any more. */
  private boolean hasStopped() {
    decoding.shutdownNow();
    try {
      return decoding.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
