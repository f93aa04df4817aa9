package io.dropblock.spark.ml;

import io.dropblock.spark.data.image.BrokenImageException;
import io.dropblock.spark.predict.ImageBatch;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import org.apache.spark.sql.Row;

/** Rows whose images go through the network together. */
final class RowBatch {
  private final ImageColumn column;
  private final ImageBatch images;
  private final ExecutorService decoding;
  private final List<Row> rows = new ArrayList<>();
  private final List<Future<?>> decoded = new ArrayList<>();

  /**
   * @param images empty
   * @param decoding its threads decode
   */
  RowBatch(ImageColumn column, ImageBatch images, ExecutorService decoding) {
    this.column = column;
    this.images = images;
    this.decoding = decoding;
  }

  /** Takes a row in, whose image is decoded from now on. */
  void add(Row row) {
    rows.add(row);
    int place = images.add("", null);
    decoded.add(decoding.submit(() -> decode(row, place)));
  }

  private void decode(Row row, int place) {
    try {
      images.samples().decode(place, column.encoded(row), images.pixels(), images.offset(place));
    } catch (BrokenImageException | IllegalArgumentException e) {
      images.breaks(place, e.getMessage());
    }
  }

  /** In their order. */
  List<Row> rows() {
    return rows;
  }

  /** The images, as soon as they are decoded. */
  ImageBatch images() {
    for (Future<?> one : decoded) {
      try {
        one.get();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("Cannot decode images: the task was interrupted", e);
      } catch (ExecutionException e) {
        if (e.getCause() instanceof RuntimeException thrown) {
          throw thrown;
        }
        if (e.getCause() instanceof Error thrown) {
          throw thrown;
        }
        throw new IllegalStateException("Cannot decode images: " + e.getCause(), e);
      }
    }
    return images;
  }
}
