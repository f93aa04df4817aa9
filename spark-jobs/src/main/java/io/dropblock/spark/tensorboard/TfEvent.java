package io.dropblock.spark.tensorboard;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import org.nd4j.shade.protobuf.CodedInputStream;
import org.nd4j.shade.protobuf.CodedOutputStream;
import org.nd4j.shade.protobuf.WireFormat;
import org.tensorflow.framework.Summary;

/**
 * The bytes of a {@code tensorflow.Event} ({@code tensorflow/core/util/event.proto}). ND4J brings
 * along the summary it holds, but not the event itself, which has four fields here.
 */
final class TfEvent {
  /** What the first event of a file must say. */
  static final String VERSION = "brain.Event:2";

  private static final int WALL_TIME = 1;
  private static final int STEP = 2;
  private static final int FILE_VERSION = 3;
  private static final int SUMMARY = 5;

  private TfEvent() {}

  /** The first event of a file. */
  static byte[] version(Instant now) {
    return event(now, 0, out -> out.writeString(FILE_VERSION, VERSION));
  }

  /**
   * What was measured at a step.
   *
   * @param step of the run, from 1
   */
  static byte[] of(Instant now, long step, Summary summary) {
    return event(now, step, out -> out.writeMessage(SUMMARY, summary));
  }

  /** The step that an event was written for; 0 where it tells none. */
  static long step(byte[] event) throws IOException {
    CodedInputStream in = CodedInputStream.newInstance(event);
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (WireFormat.getTagFieldNumber(tag) == STEP) {
        return in.readInt64();
      }
      in.skipField(tag);
    }
    return 0;
  }

  private interface Field {
    void writeTo(CodedOutputStream out) throws IOException;
  }

  private static byte[] event(Instant now, long step, Field last) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      CodedOutputStream out = CodedOutputStream.newInstance(bytes);
      out.writeDouble(WALL_TIME, now.getEpochSecond() + now.getNano() / 1e9);
      out.writeInt64(STEP, step);
      last.writeTo(out);
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
