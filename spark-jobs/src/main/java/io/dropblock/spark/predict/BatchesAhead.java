package io.dropblock.spark.predict;

import io.dropblock.spark.data.image.BrokenImageException;
import io.dropblock.spark.predict.source.EncodedImage;
import io.dropblock.spark.predict.source.ImageStream;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Reads and decodes a batch while the network is asked about the one before. Images keep their
 * order. Not thread-safe.
 */
final class BatchesAhead implements Closeable {
  private final ImageStream images;
  private final Inference inference;
  private final int most;
  private final ExecutorService reading = daemons(1);
  private final ExecutorService decoding;
  private final Deque<ImageBatch> free = new ArrayDeque<>();
  private Future<ImageBatch> ahead;

  /**
   * Starts to read.
   *
   * @param images is closed with this
   * @param most images of a batch
   * @param threads that decode
   */
  BatchesAhead(ImageStream images, Inference inference, int most, int threads) {
    this.images = images;
    this.inference = inference;
    this.most = most;
    this.decoding = daemons(threads);
    free.add(new ImageBatch(most, inference.size()));
    free.add(new ImageBatch(most, inference.size()));
    readAhead();
  }

  private static ExecutorService daemons(int threads) {
    return Executors.newFixedThreadPool(
        threads,
        work -> {
          Thread thread = new Thread(work, "predict reader");
          thread.setDaemon(true);
          return thread;
        });
  }

  /**
   * The next batch, to be given back before another one is asked for; without images at the end.
   *
   * @throws IOException where it could not be read
   */
  ImageBatch next() throws IOException {
    ImageBatch batch = result(ahead);
    if (batch.images() > 0) {
      readAhead();
    }
    return batch;
  }

  void giveBack(ImageBatch batch) {
    free.add(batch);
  }

  private void readAhead() {
    ImageBatch batch = free.remove();
    ahead = reading.submit(() -> fill(batch));
  }

  private ImageBatch fill(ImageBatch batch) throws IOException {
    batch.clear(inference.start(most));
    List<Future<?>> decoded = new ArrayList<>();
    while (batch.images() < most && images.hasNext()) {
      EncodedImage image = images.next();
      int place = batch.add(image);
      if (image.broken() == null) {
        decoded.add(decoding.submit(() -> decode(image.bytes(), batch, place)));
      }
    }
    for (Future<?> one : decoded) {
      result(one);
    }
    return batch;
  }

  private static void decode(byte[] bytes, ImageBatch batch, int place) {
    try {
      batch.samples().decode(place, bytes, batch.pixels(), batch.offset(place));
    } catch (BrokenImageException | IllegalArgumentException e) {
      batch.breaks(place, e.getMessage());
    }
  }

  private static <T> T result(Future<T> work) throws IOException {
    try {
      return work.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("it was interrupted", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException thrown) {
        throw thrown;
      }
      if (e.getCause() instanceof Error thrown) {
        throw thrown;
      }
      throw new IOException(e.getCause().getMessage(), e.getCause());
    }
  }

  @Override
  public void close() throws IOException {
    reading.shutdownNow();
    decoding.shutdownNow();
    images.close();
  }
}
