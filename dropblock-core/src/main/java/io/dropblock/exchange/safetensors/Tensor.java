package io.dropblock.exchange.safetensors;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * An array of a file.
 *
 * @param type of its numbers
 * @param shape from the slowest dimension to the fastest; empty for a single number
 * @param data its numbers, little-endian; not copied
 */
public record Tensor(TensorType type, List<Long> shape, byte[] data) {

  /**
   * Copies the shape.
   *
   * @throws IllegalArgumentException if data are not as long as type and shape ask for
   */
  public Tensor {
    shape = List.copyOf(shape);
    long bytes = type.bytes();
    for (long side : shape) {
      bytes = Math.multiplyExact(bytes, side);
    }
    if (bytes != data.length) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Invalid tensor: %s %s takes %d bytes, there are %d",
              type,
              shape,
              bytes,
              data.length));
    }
  }

  /** One of floats. */
  public static Tensor of(float[] values, long... shape) {
    ByteBuffer data =
        ByteBuffer.allocate(Math.multiplyExact(values.length, Float.BYTES))
            .order(ByteOrder.LITTLE_ENDIAN);
    data.asFloatBuffer().put(values);
    return new Tensor(TensorType.F32, Arrays.stream(shape).boxed().toList(), data.array());
  }

  /** A single integer. */
  public static Tensor of(long value) {
    byte[] data =
        ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array();
    return new Tensor(TensorType.I64, List.of(), data);
  }

  /**
   * Its numbers as floats; doubles are rounded.
   *
   * @throws SafetensorsException if they are no floats, or one is not finite
   */
  public float[] floats() throws SafetensorsException {
    if (!type.isReadAsFloats()) {
      throw new SafetensorsException("it is of type " + type + ", not of F16, BF16, F32 or F64");
    }
    ByteBuffer bytes = ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN);
    float[] values = new float[data.length / type.bytes()];
    for (int i = 0; i < values.length; i++) {
      values[i] = next(bytes);
      if (!Float.isFinite(values[i])) {
        throw new SafetensorsException(
            "its number " + i + " is " + values[i] + ", which is not finite as a float");
      }
    }
    return values;
  }

  private float next(ByteBuffer bytes) {
    return switch (type) {
      case F16 -> half(bytes.getShort());
      case BF16 -> Float.intBitsToFloat(bytes.getShort() << 16);
      case F32 -> bytes.getFloat();
      case F64 -> (float) bytes.getDouble();
      default -> throw new IllegalStateException("Cannot read " + type + " as floats");
    };
  }

  private static float half(short bits) {
    int exponent = bits >> 10 & 0x1f;
    int fraction = bits & 0x3ff;
    float size =
        switch (exponent) {
          case 0 -> Math.scalb((float) fraction, -24);
          case 0x1f -> fraction == 0 ? Float.POSITIVE_INFINITY : Float.NaN;
          default -> Math.scalb((float) (fraction | 0x400), exponent - 25);
        };
    return bits < 0 ? -size : size;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Tensor tensor
        && type == tensor.type
        && shape.equals(tensor.shape)
        && Arrays.equals(data, tensor.data);
  }

  @Override
  public int hashCode() {
    return 31 * shape.hashCode() + Arrays.hashCode(data);
  }

  /** {@code F32 [64, 3, 7, 7]}. */
  @Override
  public String toString() {
    return type + " " + shape;
  }
}
