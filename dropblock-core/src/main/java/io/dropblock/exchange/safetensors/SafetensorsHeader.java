package io.dropblock.exchange.safetensors;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.nd4j.shade.jackson.core.JsonFactory;
import org.nd4j.shade.jackson.core.JsonFactoryBuilder;
import org.nd4j.shade.jackson.core.JsonParser;
import org.nd4j.shade.jackson.core.JsonProcessingException;
import org.nd4j.shade.jackson.databind.DeserializationFeature;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.json.JsonMapper;

/**
 * The header of a file.
 *
 * @param tensors by name
 * @param metadata texts by name
 */
record SafetensorsHeader(Map<String, Entry> tensors, Map<String, String> metadata) {
  private static final Set<String> KEYS = Set.of("dtype", "shape", "data_offsets");
  private static final int SHOWN = 80;

  /**
   * Where a tensor is.
   *
   * @param begin first byte of the data
   * @param end the one behind the last
   */
  record Entry(TensorType type, List<Long> shape, long begin, long end) {}

  /**
   * Reads it.
   *
   * @throws SafetensorsException with the first thing that is wrong
   */
  static SafetensorsHeader parse(byte[] bytes) throws IOException {
    JsonNode root = json(bytes);
    if (!root.isObject()) {
      throw new SafetensorsException("its header is not a JSON object");
    }
    Map<String, Entry> tensors = new LinkedHashMap<>();
    Map<String, String> metadata = new LinkedHashMap<>();
    for (Iterator<Map.Entry<String, JsonNode>> it = root.fields(); it.hasNext(); ) {
      Map.Entry<String, JsonNode> field = it.next();
      if (field.getKey().equals(SafetensorsReader.METADATA)) {
        readMetadata(field.getValue(), metadata);
      } else {
        tensors.put(field.getKey(), entry(field.getKey(), field.getValue()));
      }
    }
    return new SafetensorsHeader(tensors, metadata);
  }

  /** A text from a file, short, in one line, and without what a terminal obeys. */
  static String shown(String name) {
    String line = name.replaceAll("[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}]", "?");
    return line.length() <= SHOWN ? line : line.substring(0, SHOWN) + "...";
  }

  private static JsonNode json(byte[] bytes) throws SafetensorsException {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      HeaderLimits.require(text);
      // its table of names gives up where many have one hash
      JsonFactory factory =
          new JsonFactoryBuilder().disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES).build();
      JsonNode root =
          JsonMapper.builder(factory)
              .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
              .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
              .build()
              .readTree(text);
      return root;
    } catch (CharacterCodingException e) {
      throw new SafetensorsException("its header is no UTF-8", e);
    } catch (JsonProcessingException e) {
      throw new SafetensorsException("its header is no JSON: " + shown(e.getOriginalMessage()), e);
    }
  }

  private static void readMetadata(JsonNode node, Map<String, String> metadata)
      throws SafetensorsException {
    if (!node.isObject()) {
      throw new SafetensorsException("its " + SafetensorsReader.METADATA + " is not a JSON object");
    }
    for (Iterator<Map.Entry<String, JsonNode>> it = node.fields(); it.hasNext(); ) {
      Map.Entry<String, JsonNode> field = it.next();
      if (!field.getValue().isTextual()) {
        throw new SafetensorsException(
            "its " + SafetensorsReader.METADATA + " " + shown(field.getKey()) + " is not a text");
      }
      metadata.put(field.getKey(), field.getValue().textValue());
    }
  }

  private static Entry entry(String name, JsonNode node) throws SafetensorsException {
    for (String key : KEYS) {
      require(node.has(key), name, "has no " + key);
    }
    require(node.size() == KEYS.size(), name, "has more than " + String.join(", ", sorted()));
    TensorType type = type(name, node.get("dtype"));
    List<Long> shape = numbers(name, "shape", node.get("shape"));
    List<Long> offsets = numbers(name, "data_offsets", node.get("data_offsets"));
    require(offsets.size() == 2, name, "has data_offsets that are not two numbers");
    long begin = offsets.get(0);
    long end = offsets.get(1);
    require(begin <= end, name, "ends at byte " + end + ", before it begins at " + begin);
    require(
        bytes(type, shape) == end - begin,
        name,
        String.format(
            Locale.ROOT, "is %s %s and has %d bytes", type, shown(shape.toString()), end - begin));
    require(end - begin <= Integer.MAX_VALUE - Long.BYTES, name, "has 2 GiB or more");
    return new Entry(type, shape, begin, end);
  }

  private static List<String> sorted() {
    return KEYS.stream().sorted().toList();
  }

  private static TensorType type(String name, JsonNode node) throws SafetensorsException {
    for (TensorType type : TensorType.values()) {
      if (node.isTextual() && type.name().equals(node.textValue())) {
        return type;
      }
    }
    throw new SafetensorsException(
        "tensor " + shown(name) + " is of an unknown dtype, " + shown(node.toString()));
  }

  private static List<Long> numbers(String name, String key, JsonNode node)
      throws SafetensorsException {
    require(node.isArray(), name, "has a " + key + " that is no list");
    List<Long> numbers = new ArrayList<>();
    for (JsonNode one : node) {
      require(
          one.isIntegralNumber() && one.canConvertToLong() && one.longValue() >= 0,
          name,
          "has a " + key + " with " + shown(one.toString()) + ", no number from 0 on");
      numbers.add(one.longValue());
    }
    return numbers;
  }

  /** -1 for more than there can be. */
  private static long bytes(TensorType type, List<Long> shape) {
    try {
      long bytes = type.bytes();
      for (long side : shape) {
        bytes = Math.multiplyExact(bytes, side);
      }
      return bytes;
    } catch (ArithmeticException e) {
      return -1;
    }
  }

  private static void require(boolean fits, String name, String problem)
      throws SafetensorsException {
    if (!fits) {
      throw new SafetensorsException("tensor " + shown(name) + " " + problem);
    }
  }
}
