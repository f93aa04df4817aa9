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
 * threads of its own, while the one before goes through the network. Rows are taken in on the
 * thread that takes them out: Spark's iterators want that.
 */
final class PredictedRows implements Iterator<Row>, AutoCloseable {
  /** For the images that are decoded when a task ends before its rows do. */
  private static final int PATIENCE_SECONDS = 10;

  private final Iterator<Row> rows;
  private final RowPlan plan;
  private final byte[] network;
  private final TaskResources resources;
  private final int partition;
  private final Deque<Row> predicted = new ArrayDeque<>();
  private long number;
  private ExecutorService decoding;
  private LoadedNetwork loaded;
  private RowBatch ahead;
  private Thread prepared;

  /** A network that fails, or works for another thread even now, is for no other task. */
  private volatile boolean predicting;

  /**
   * Takes nothing before somebody asks for a row.
   *
   * @param network the broadcast's
   * @param resources of the task
   * @param partition its number, for people
   */
  PredictedRows(
      Iterator<Row> rows, RowPlan plan, byte[] network, TaskResources resources, int partition) {
    this.rows = rows;
    this.plan = plan;
    this.network = network;
    this.resources = resources;
    this.partition = partition;
  }

  @Override
  public boolean hasNext() {
    while (predicted.isEmpty() && (ahead != null || rows.hasNext())) {
      predictBatch();
    }
    if (predicted.isEmpty()) {
      close();
    }
    return !predicted.isEmpty();
  }

  @Override
  public Row next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    return predicted.remove();
  }

  private void predictBatch() {
    if (Thread.currentThread() != prepared) {
      // Spark runs a task's iterators on another thread where Python comes behind
      resources.take();
      prepared = Thread.currentThread();
    }
    if (loaded == null) {
      decoding = decoders(resources.cores().readers());
      loaded = NetworkPool.of(network).take(network, plan.inference(), plan.wanted(), resources);
    }
    RowBatch batch = ahead == null ? fill() : ahead;
    ahead = rows.hasNext() ? fill() : null;
    predicting = true;
    List<ImageResult> results = loaded.predict(batch.images());
    predicting = false;
    for (int i = 0; i < results.size(); i++) {
      add(batch.rows().get(i), results.get(i));
    }
  }

  private RowBatch fill() {
    RowBatch batch = new RowBatch(plan.images(), loaded.batch(), decoding);
    while (batch.rows().size() < plan.wanted().batch() && rows.hasNext()) {
      batch.add(rows.next());
    }
    return batch;
  }

  private void add(Row row, ImageResult result) {
    if (result.broken() == null || plan.invalid() == InvalidImages.KEEP) {
      predicted.add(plan.row(row, result));
    } else if (plan.invalid() == InvalidImages.ERROR) {
      throw new DataException(
          String.format(
              Locale.ROOT,
              "Cannot predict the image of %s, row %d of partition %d: %s; set handleInvalid to"
                  + " keep or skip to go on without it",
              plan.images().place(row),
              number,
              partition,
              result.broken()));
    }
    number++;
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
    if (loaded != null && hasStopped() && !predicting) {
      NetworkPool.of(network).giveBack(loaded, plan.wanted(), resources);
    }
    loaded = null;
  }

  /** Whether nothing is decoded into the network's memory any more. */
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
