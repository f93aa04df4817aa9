package io.dropblock.bench.input;

import io.dropblock.spark.data.DataException;
import io.dropblock.spark.data.KeyedRandom;
import io.dropblock.spark.data.image.BrokenImageException;
import io.dropblock.spark.data.image.Image;
import io.dropblock.spark.data.image.ImageDecoder;
import io.dropblock.spark.data.image.ImageTransform;
import io.dropblock.spark.data.image.Normalization;
import io.dropblock.spark.data.shard.ImageRecord;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** What is done to images in memory, each in turn, on as many threads as the plan says. */
final class ImageWork implements AutoCloseable {
  /** Decoded images that are held in memory, of about half a megabyte. */
  private static final int DECODED = 64;

  private final ImageTransform transform;
  private final int threads;
  private final List<ImageRecord> records;
  private final List<Image> decoded = new ArrayList<>();
  private final ExecutorService pool;
  private long pass;

  ImageWork(InputPlan plan, List<ImageRecord> records) {
    this.transform = plan.transform();
    this.threads = plan.threads();
    this.records = records;
    this.pool = Executors.newFixedThreadPool(threads);
    try {
      for (ImageRecord record : records.subList(0, Math.min(records.size(), DECODED))) {
        decoded.add(ImageDecoder.decode(record.bytes()));
      }
    } catch (BrokenImageException e) {
      throw new DataException("Cannot decode an image: " + e.getMessage(), e);
    }
  }

  private interface OneImage {
    void make(int index, FloatBuffer out) throws BrokenImageException;
  }

  long decode() {
    return all(records.size(), (index, out) -> ImageDecoder.decode(records.get(index).bytes()));
  }

  long augment() {
    long seed = pass++;
    return all(
        decoded.size(),
        (index, out) ->
            transform.apply(
                decoded.get(index), KeyedRandom.of(seed, index), Normalization.IMAGENET, out, 0));
  }

  long sample() {
    long seed = pass++;
    return all(
        records.size(),
        (index, out) ->
            transform.decodeAndApply(
                records.get(index).bytes(),
                KeyedRandom.of(seed, index),
                Normalization.IMAGENET,
                out,
                0));
  }

  /** Every thread takes every image, from another one on. */
  private long all(int count, OneImage work) {
    List<Future<?>> parts = new ArrayList<>();
    for (int thread = 0; thread < threads; thread++) {
      int first = thread * count / threads;
      parts.add(pool.submit(() -> run(count, first, work)));
    }
    try {
      for (Future<?> part : parts) {
        part.get();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DataException("Cannot measure: interrupted", e);
    } catch (ExecutionException e) {
      throw new DataException(
          "Cannot decode an image: " + DataException.reason(e.getCause()), e.getCause());
    }
    return (long) threads * count;
  }

  private Void run(int count, int first, OneImage work) throws BrokenImageException {
    int floats = 3 * transform.size() * transform.size();
    FloatBuffer out =
        ByteBuffer.allocateDirect(Float.BYTES * floats)
            .order(ByteOrder.nativeOrder())
            .asFloatBuffer();
    for (int i = 0; i < count; i++) {
      work.make((first + i) % count, out);
    }
    return null;
  }

  @Override
  public void close() {
    pool.shutdownNow();
  }
}
