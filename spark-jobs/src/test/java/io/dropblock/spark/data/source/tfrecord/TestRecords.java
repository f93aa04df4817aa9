package io.dropblock.spark.data.source.tfrecord;

import io.dropblock.spark.files.MaskedChecksum;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.nd4j.shade.protobuf.ByteString;
import org.nd4j.shade.protobuf.DescriptorProtos.DescriptorProto;
import org.nd4j.shade.protobuf.DescriptorProtos.FieldDescriptorProto;
import org.nd4j.shade.protobuf.DescriptorProtos.FieldDescriptorProto.Label;
import org.nd4j.shade.protobuf.DescriptorProtos.FieldDescriptorProto.Type;
import org.nd4j.shade.protobuf.DescriptorProtos.FileDescriptorProto;
import org.nd4j.shade.protobuf.Descriptors.Descriptor;
import org.nd4j.shade.protobuf.Descriptors.DescriptorValidationException;
import org.nd4j.shade.protobuf.Descriptors.FieldDescriptor;
import org.nd4j.shade.protobuf.Descriptors.FileDescriptor;
import org.nd4j.shade.protobuf.DynamicMessage;

/**
 * Examples and TFRecord files. Messages are built by Protocol Buffers from the schema of {@code
 * example.proto} and {@code feature.proto}.
 */
public final class TestRecords {
  private static final FileDescriptor SCHEMA = schema();

  private final DynamicMessage.Builder features = message("Features");

  static TestRecords example() {
    return new TestRecords();
  }

  /** An example as ImageNet's, with more than is read. */
  public static TestRecords imageNet(byte[] image, long label, String synset, String fileName) {
    return example()
        .with("image/height", 16)
        .with("image/colorspace", "RGB".getBytes(StandardCharsets.UTF_8))
        .with("image/encoded", image)
        .with("image/class/label", label)
        .with("image/class/synset", synset.getBytes(StandardCharsets.UTF_8))
        .with("image/filename", fileName.getBytes(StandardCharsets.UTF_8));
  }

  TestRecords with(String name, byte[]... values) {
    DynamicMessage.Builder list = message("BytesList");
    for (byte[] value : values) {
      list.addRepeatedField(field("BytesList", "value"), ByteString.copyFrom(value));
    }
    return with(name, "bytes_list", list.build());
  }

  TestRecords with(String name, long... values) {
    DynamicMessage.Builder list = message("Int64List");
    for (long value : values) {
      list.addRepeatedField(field("Int64List", "value"), value);
    }
    return with(name, "int64_list", list.build());
  }

  private TestRecords with(String name, String kind, DynamicMessage list) {
    DynamicMessage feature = message("Feature").setField(field("Feature", kind), list).build();
    DynamicMessage entry =
        message("FeatureEntry")
            .setField(field("FeatureEntry", "key"), name)
            .setField(field("FeatureEntry", "value"), feature)
            .build();
    features.addRepeatedField(field("Features", "feature"), entry);
    return this;
  }

  /** As it is stored. */
  public byte[] bytes() {
    return message("Example")
        .setField(field("Example", "features"), features.build())
        .build()
        .toByteArray();
  }

  /** A TFRecord file of some records. */
  public static byte[] file(List<byte[]> records) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] record : records) {
      byte[] length =
          ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(record.length).array();
      out.write(length);
      out.write(checksum(length));
      out.write(record);
      out.write(checksum(record));
    }
    return out.toByteArray();
  }

  static byte[] checksum(byte[] bytes) {
    return ByteBuffer.allocate(4)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(MaskedChecksum.of(bytes, bytes.length))
        .array();
  }

  private static DynamicMessage.Builder message(String name) {
    return DynamicMessage.newBuilder(SCHEMA.findMessageTypeByName(name));
  }

  private static FieldDescriptor field(String message, String name) {
    Descriptor type = SCHEMA.findMessageTypeByName(message);
    return type.findFieldByName(name);
  }

  private static FileDescriptor schema() {
    // A map on the wire is a repeated message of key and value.
    FileDescriptorProto file =
        FileDescriptorProto.newBuilder()
            .setName("example.proto")
            .setSyntax("proto3")
            .addMessageType(type("BytesList", list(Type.TYPE_BYTES)))
            .addMessageType(type("FloatList", list(Type.TYPE_FLOAT)))
            .addMessageType(type("Int64List", list(Type.TYPE_INT64)))
            .addMessageType(
                type(
                    "Feature",
                    single("bytes_list", 1, "BytesList"),
                    single("float_list", 2, "FloatList"),
                    single("int64_list", 3, "Int64List")))
            .addMessageType(
                type(
                    "FeatureEntry",
                    FieldDescriptorProto.newBuilder()
                        .setName("key")
                        .setNumber(1)
                        .setType(Type.TYPE_STRING),
                    single("value", 2, "Feature")))
            .addMessageType(
                type(
                    "Features",
                    single("feature", 1, "FeatureEntry").setLabel(Label.LABEL_REPEATED)))
            .addMessageType(type("Example", single("features", 1, "Features")))
            .build();
    try {
      return FileDescriptor.buildFrom(file, new FileDescriptor[0]);
    } catch (DescriptorValidationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static DescriptorProto type(String name, FieldDescriptorProto.Builder... fields) {
    DescriptorProto.Builder type = DescriptorProto.newBuilder().setName(name);
    for (FieldDescriptorProto.Builder field : fields) {
      type.addField(field);
    }
    return type.build();
  }

  private static FieldDescriptorProto.Builder single(String name, int number, String type) {
    return FieldDescriptorProto.newBuilder()
        .setName(name)
        .setNumber(number)
        .setType(Type.TYPE_MESSAGE)
        .setTypeName("." + type);
  }

  private static FieldDescriptorProto.Builder list(Type type) {
    return FieldDescriptorProto.newBuilder()
        .setName("value")
        .setNumber(1)
        .setType(type)
        .setLabel(Label.LABEL_REPEATED);
  }
}
