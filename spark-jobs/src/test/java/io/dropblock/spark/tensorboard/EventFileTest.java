package io.dropblock.spark.tensorboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.dropblock.metric.Histogram;
import io.dropblock.spark.files.HadoopPath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.framework.HistogramProto;
import org.tensorflow.framework.Summary;

class EventFileTest {
  private static final Instant NOW = Instant.parse("2026-11-30T10:00:00.250Z");

  @TempDir private Path folder;
  private FileSystem files;
  private org.apache.hadoop.fs.Path path;

  @BeforeEach
  void open() {
    path = new org.apache.hadoop.fs.Path(folder.toUri());
    files = HadoopPath.fileSystem(path, new Configuration());
  }

  @Test
  void beginsWithItsVersionAndHoldsWhatWasWritten() throws IOException {
    try (EventFile file = EventFile.create(files, path, NOW, "node-1")) {
      file.write(NOW, 1, scalar("train/loss", 2.5f));
      file.write(NOW.plusMillis(500), 1L << 40, scalar("val/top-1", .75f));
    }
    List<ReadEvents> read = ReadEvents.in(folder);
    assertThat(read).hasSize(3);
    assertThat(read.get(0).version()).isEqualTo("brain.Event:2");
    assertThat(read.get(0).time()).isEqualTo(NOW.toEpochMilli() / 1e3);
    assertThat(read.get(2).time()).isCloseTo(NOW.toEpochMilli() / 1e3 + .5, within(1e-6));
    assertThat(ReadEvents.scalars(read, "train/loss")).containsExactly("1=2.5");
    assertThat(ReadEvents.scalars(read, "val/top-1")).containsExactly("1099511627776=0.75");
    assertThat(read.get(0).file()).isEqualTo("events.out.tfevents.1796032800.node-1");
  }

  @Test
  void canBeReadWhileItIsWritten() throws IOException {
    try (EventFile file = EventFile.create(files, path, NOW, "host")) {
      file.write(NOW, 7, scalar("a", 1));
      assertThat(ReadEvents.scalars(ReadEvents.in(folder), "a")).containsExactly("7=1.0");
    }
  }

  @Test
  void ofTwoRunsInASecondEachHasItsOwn() throws IOException {
    EventFile.create(files, path, NOW, "host").close();
    EventFile.create(files, path, NOW, "host").close();
    assertThat(ReadEvents.files(folder)).hasSize(2);
  }

  @Test
  void whatWillBeDoneAgainIsCutFromFormerFiles() throws IOException {
    try (EventFile file = EventFile.create(files, path, NOW, "host")) {
      for (int step = 1; step <= 5; step++) {
        file.write(NOW, step, scalar("a", step));
      }
    }
    Path written = ReadEvents.files(folder).get(0);
    // a driver that dies leaves half a record
    Files.write(written, new byte[] {9, 0, 0, 0}, StandardOpenOption.APPEND);
    FormerFiles.cut(files, path, 3);
    assertThat(ReadEvents.scalars(ReadEvents.in(folder), "a"))
        .containsExactly("1=1.0", "2=2.0", "3=3.0");
    assertThat(ReadEvents.in(folder).get(0).version()).isEqualTo("brain.Event:2");
  }

  @Test
  void aHistogramHoldsEachValueBetweenTheLimitsOfItsBucket() throws IOException {
    double[] values = {-3, -1e-30, 0, 0, 1e-12, .5, .52, 1e25, Double.NaN};
    Histogram counted = new Histogram();
    for (double value : values) {
      counted.add(value);
    }
    HistogramProto histogram = HistogramMessage.of(counted);
    assertThat(histogram.getNum()).isEqualTo(8);
    assertThat(histogram.getMin()).isEqualTo(-3);
    assertThat(histogram.getMax()).isEqualTo(1e25);
    assertThat(histogram.getSum()).isEqualTo(1e25);
    assertThat(histogram.getBucketList().stream().mapToDouble(it -> it).sum()).isEqualTo(8);
    for (int i = 0; i < histogram.getBucketCount(); i++) {
      double from = i == 0 ? Double.NEGATIVE_INFINITY : histogram.getBucketLimit(i - 1);
      double end = histogram.getBucketLimit(i);
      long inside = 0;
      for (double value : values) {
        inside += value >= from && value < end ? 1 : 0;
      }
      assertThat(histogram.getBucket(i)).as("bucket below %s", end).isEqualTo(inside);
    }
  }

  private static Summary scalar(String tag, float value) {
    return Summary.newBuilder()
        .addValue(Summary.Value.newBuilder().setTag(tag).setSimpleValue(value))
        .build();
  }
}
