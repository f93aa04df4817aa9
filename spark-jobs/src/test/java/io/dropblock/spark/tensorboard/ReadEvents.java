package io.dropblock.spark.tensorboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.nd4j.shade.guava.hash.Hashing;
import org.nd4j.shade.protobuf.ByteString;
import org.nd4j.shade.protobuf.DescriptorProtos.DescriptorProto;
import org.nd4j.shade.protobuf.DescriptorProtos.FieldDescriptorProto;
import org.nd4j.shade.protobuf.DescriptorProtos.FieldDescriptorProto.Type;
import org.nd4j.shade.protobuf.DescriptorProtos.FileDescriptorProto;
import org.nd4j.shade.protobuf.Descriptors.Descriptor;
import org.nd4j.shade.protobuf.Descriptors.DescriptorValidationException;
import org.nd4j.shade.protobuf.Descriptors.FileDescriptor;
import org.nd4j.shade.protobuf.DynamicMessage;
import org.tensorflow.framework.HistogramProto;
import org.tensorflow.framework.Summary;

/**
 * Reads event files without any of the product's code: messages by Protocol Buffers from the schema
 * of {@code event.proto} and TensorFlow's own classes of {@code summary.proto}, checksums by Guava.
 *
 * @param version what the event says of the file, or ""
 */
public record ReadEvents(String file, double time, long step, String version, Summary summary) {
  private static final Descriptor EVENT = schema();

  /** All events of all files of a folder, by the files' names, as TensorBoard reads them. */
  public static List<ReadEvents> in(Path folder) throws IOException {
    List<ReadEvents> events = new ArrayList<>();
    for (Path file : files(folder)) {
      try (DataInputStream in = new DataInputStream(Files.newInputStream(file))) {
        while (in.available() > 0) {
          byte[] length = checked(in, Long.BYTES);
          int bytes = (int) Long.reverseBytes(new BigInteger(1, length).longValue());
          events.add(of(file.getFileName().toString(), checked(in, bytes)));
        }
      }
    }
    return events;
  }

  static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.getFileName().toString().startsWith("events.out.tfevents."))
          .sorted()
          .toList();
    }
  }

  /** The values of a tag, in their order, each as {@code step=value}. */
  public static List<String> scalars(List<ReadEvents> events, String tag) {
    return events.stream()
        .flatMap(
            event ->
                event.summary.getValueList().stream()
                    .filter(value -> value.getTag().equals(tag) && value.hasSimpleValue())
                    .map(value -> event.step + "=" + value.getSimpleValue()))
        .toList();
  }

  /** The histograms of a tag, in their order. */
  static List<HistogramProto> histograms(List<ReadEvents> events, String tag) {
    return events.stream()
        .flatMap(event -> event.summary.getValueList().stream())
        .filter(value -> value.getTag().equals(tag) && value.hasHisto())
        .map(Summary.Value::getHisto)
        .toList();
  }

  private static byte[] checked(DataInputStream in, int length) throws IOException {
    byte[] bytes = new byte[length];
    in.readFully(bytes);
    int crc = Hashing.crc32c().hashBytes(bytes).asInt();
    int masked = ((crc >>> 15) | (crc << 17)) + 0xA282EAD8;
    assertThat(Integer.reverseBytes(in.readInt())).isEqualTo(masked);
    return bytes;
  }

  private static ReadEvents of(String file, byte[] bytes) throws IOException {
    DynamicMessage event = DynamicMessage.parseFrom(EVENT, bytes);
    assertThat(event.getUnknownFields().asMap()).isEmpty();
    return new ReadEvents(
        file,
        (double) event.getField(EVENT.findFieldByName("wall_time")),
        (long) event.getField(EVENT.findFieldByName("step")),
        (String) event.getField(EVENT.findFieldByName("file_version")),
        Summary.parseFrom((ByteString) event.getField(EVENT.findFieldByName("summary"))));
  }

  private static Descriptor schema() {
    DescriptorProto event =
        DescriptorProto.newBuilder()
            .setName("Event")
            .addField(field("wall_time", 1, Type.TYPE_DOUBLE))
            .addField(field("step", 2, Type.TYPE_INT64))
            .addField(field("file_version", 3, Type.TYPE_STRING))
            // a message's bytes are those of its field
            .addField(field("summary", 5, Type.TYPE_BYTES))
            .build();
    FileDescriptorProto file =
        FileDescriptorProto.newBuilder()
            .setName("event.proto")
            .setSyntax("proto3")
            .addMessageType(event)
            .build();
    try {
      return FileDescriptor.buildFrom(file, new FileDescriptor[0]).findMessageTypeByName("Event");
    } catch (DescriptorValidationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static FieldDescriptorProto.Builder field(String name, int number, Type type) {
    return FieldDescriptorProto.newBuilder().setName(name).setNumber(number).setType(type);
  }
}
