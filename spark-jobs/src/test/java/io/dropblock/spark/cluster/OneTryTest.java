package io.dropblock.spark.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropblock.spark.data.DataException;
import io.dropblock.spark.data.LocalSpark;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.SparkException;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.TaskCompletionListener;
import org.junit.jupiter.api.Test;

/** With four tries a task, as on a cluster. */
class OneTryTest {
  private static final AtomicInteger ENDED = new AtomicInteger();

  @Test
  void whatWouldFailAgainIsTriedOnceAndWhatMayNotAsOftenAsEver() {
    try (JavaSparkContext spark = LocalSpark.start(1, Map.of("spark.master", "local[1,4]"))) {
      try (OneTry oneTry = OneTry.of(spark)) {
        assertThatThrownBy(() -> fail(spark, false)).isInstanceOf(SparkException.class);
        assertThat(ENDED).hasValue(4);
        assertThat(oneTry.reason()).isEmpty();

        // it looks at a task's end while the next try may begin: not all four
        ENDED.set(0);
        assertThatThrownBy(() -> fail(spark, true)).isInstanceOf(SparkException.class);
        assertThat(ENDED.get()).isBetween(1, 2);
        assertThat(oneTry.reason()).hasValue("Cannot read image 7: it is a poem");
      }
    }
  }

  private static void fail(JavaSparkContext spark, boolean ofData) {
    spark
        .parallelize(List.of(1), 1)
        .foreach(
            one -> {
              TaskContext.get()
                  .addTaskCompletionListener(
                      (TaskCompletionListener) task -> ENDED.incrementAndGet());
              if (!ofData) {
                throw new TimeoutException("no answer");
              }
              // the driver may be slower than the next try
              while (TaskContext.get().attemptNumber() > 0 && !TaskContext.get().isInterrupted()) {
                Thread.sleep(5);
              }
              throw new DataException("Cannot read image 7: it is a poem");
            });
  }
}
