package io.dropblock.exchange.safetensors;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.nd4j.shade.jackson.databind.json.JsonMapper;
import org.nd4j.shade.jackson.databind.node.ArrayNode;
import org.nd4j.shade.jackson.databind.node.ObjectNode;

/** Writes one file; equal contents make equal bytes. */
final class SafetensorsWriter {
  /** What the data begin at a multiple of. */
  private static final int ALIGNMENT = 8;

  private static final Comparator<Map.Entry<String, Tensor>> ORDER =
      Comparator.<Map.Entry<String, Tensor>>comparingInt(one -> -one.getValue().type().bytes())
          .thenComparing(Map.Entry::getKey);

  private final Safetensors content;
  private final List<Map.Entry<String, Tensor>> tensors;

  SafetensorsWriter(Safetensors content) {
    this.content = content;
    this.tensors = content.tensors().entrySet().stream().sorted(ORDER).toList();
  }

  void write(OutputStream file) throws IOException {
    byte[] header = header();
    file.write(
        ByteBuffer.allocate(Long.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(header.length)
            .array());
    file.write(header);
    for (Map.Entry<String, Tensor> tensor : tensors) {
      file.write(tensor.getValue().data());
    }
  }

  private byte[] header() throws IOException {
    JsonMapper json = JsonMapper.builder().build();
    ObjectNode header = json.createObjectNode();
    if (!content.metadata().isEmpty()) {
      ObjectNode metadata = header.putObject(SafetensorsReader.METADATA);
      new TreeMap<>(content.metadata()).forEach(metadata::put);
    }
    long end = 0;
    for (Map.Entry<String, Tensor> tensor : tensors) {
      long begin = end;
      end += tensor.getValue().data().length;
      ObjectNode entry = header.putObject(tensor.getKey());
      entry.put("dtype", tensor.getValue().type().name());
      ArrayNode shape = entry.putArray("shape");
      tensor.getValue().shape().forEach(shape::add);
      entry.putArray("data_offsets").add(begin).add(end);
    }
    byte[] text = json.writeValueAsString(header).getBytes(StandardCharsets.UTF_8);
    byte[] padded = Arrays.copyOf(text, (text.length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT);
    Arrays.fill(padded, text.length, padded.length, (byte) ' ');
    return padded;
  }
}
