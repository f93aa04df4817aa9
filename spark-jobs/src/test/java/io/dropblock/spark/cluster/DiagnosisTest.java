package io.dropblock.spark.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.dropblock.spark.cluster.RankFailure.Cause;
import io.dropblock.spark.data.DataException;
import io.dropblock.spark.ring.Blaming;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CancellationException;
import java.util.zip.GZIPInputStream;
import org.apache.hadoop.fs.ChecksumException;
import org.apache.spark.SparkException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiagnosisTest {
  @TempDir private Path folder;

  @Test
  void whatCouldNotBeReadOrReachedIsTheHosts() throws IOException {
    Throwable missing = catchThrowable(() -> Files.readString(folder.resolve("nothing")));
    assertThat(Diagnosis.of(missing)).isEqualTo(Cause.HOST);
    assertThat(Diagnosis.of(new DataException("Cannot read shard s: " + missing, missing)))
        .isEqualTo(Cause.HOST);
    int closed;
    try (ServerSocket door = new ServerSocket(0)) {
      closed = door.getLocalPort();
    }
    Throwable refused =
        catchThrowable(() -> new Socket(InetAddress.getLoopbackAddress(), closed).close());
    assertThat(refused).isInstanceOf(ConnectException.class);
    assertThat(Diagnosis.of(new UncheckedIOException((IOException) refused))).isEqualTo(Cause.HOST);
  }

  @Test
  void whatWasReadAndIsWrongIsTheDatas() {
    Throwable own = new IOException("the images do not have their CRC-32");
    assertThat(Diagnosis.of(new DataException("Cannot read shard s", own)))
        .isEqualTo(Cause.PROGRAM);
    assertThat(Diagnosis.of(new DataException("Cannot read image i"))).isEqualTo(Cause.PROGRAM);
    Throwable noZip =
        catchThrowable(() -> new GZIPInputStream(new ByteArrayInputStream(new byte[99])).close());
    assertThat(Diagnosis.of(noZip)).isEqualTo(Cause.PROGRAM);
    assertThat(Diagnosis.of(new DataException("", new ChecksumException("at 0", 0))))
        .isEqualTo(Cause.PROGRAM);
  }

  @Test
  void errorsOfTheProgramAreItsOwn() {
    assertThat(Diagnosis.of(new IllegalStateException("told to fail"))).isEqualTo(Cause.PROGRAM);
    assertThat(Diagnosis.of(new AssertionError())).isEqualTo(Cause.PROGRAM);
    Throwable unserializable =
        catchThrowable(
            () -> new ObjectOutputStream(new ByteArrayOutputStream()).writeObject(new Object()));
    assertThat(Diagnosis.of(new RuntimeException(unserializable))).isEqualTo(Cause.PROGRAM);
  }

  @Test
  void memoryLibrariesAndSparkAreTheHosts() {
    assertThat(Diagnosis.of(new OutOfMemoryError())).isEqualTo(Cause.HOST);
    assertThat(Diagnosis.of(new RuntimeException(new UnsatisfiedLinkError())))
        .isEqualTo(Cause.HOST);
    assertThat(Diagnosis.of(new SparkException("no broadcast"))).isEqualTo(Cause.HOST);
    assertThat(Diagnosis.of(new IllegalStateException(new CancellationException())))
        .isEqualTo(Cause.HOST);
    assertThat(Diagnosis.of(new RuntimeException("CUDA error 77"))).isEqualTo(Cause.HOST);
  }

  @Test
  void theRingBlamesANeighbourWhateverItsCause() {
    assertThat(Diagnosis.of(new RuntimeException(Blaming.rank(1)))).isEqualTo(Cause.RING);
  }

  @Test
  void someJobsWouldAlwaysFail() {
    assertThat(
            Diagnosis.failsAlways(
                new SparkException("Job aborted: Task not serializable: java.io.Not...")))
        .isTrue();
    assertThat(Diagnosis.failsAlways(new SparkException("Job aborted: executor lost"))).isFalse();
  }
}
