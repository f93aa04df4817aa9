package io.dropblock.op;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Locale;
import org.nd4j.linalg.api.buffer.DataType;

/** How the kernel that multiplies by a mask is started: product.cuh. */
final class ProductLaunch {
  static final int THREADS = 256;

  private static final int ARGUMENT_BYTES = 72;
  private static final int WIDE = 16;
  private static final int VECTORS = 4;
  private static final int RUN = 32;

  private final DeviceMask mask;
  private final DataType type;
  private final boolean channelsLast;
  private final long input;
  private final long output;

  ProductLaunch(DeviceMask mask, DataType type, boolean channelsLast, long input, long output) {
    this.mask = mask;
    this.type = type;
    this.channelsLast = channelsLast;
    this.input = input;
    this.output = output;
    if (input % type.width() != 0 || output % type.width() != 0) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Cannot multiply %s numbers at address %x to address %x: not a multiple of %d",
              type,
              input,
              output,
              type.width()));
    }
    if (allBlocks() > Integer.MAX_VALUE
        || (long) mask.samples() * mask.channels() > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Cannot multiply %d samples of %d channels of %d pixels on a GPU: too many elements",
              mask.samples(),
              mask.channels(),
              mask.geometry().pixels()));
    }
  }

  static String function(DataType type, boolean channelsLast) {
    String name =
        switch (type) {
          case FLOAT -> "float";
          case DOUBLE -> "double";
          case HALF -> "half";
          case BFLOAT16 -> "bfloat16";
          default ->
              throw new IllegalArgumentException(
                  "Cannot multiply numbers of type " + type + " on a GPU");
        };
    return "dropblock_" + name + (channelsLast ? "_last" : "_first");
  }

  String function() {
    return function(type, channelsLast);
  }

  private int lanes() {
    return WIDE / type.width();
  }

  /** Whether both arrays can be read and written by 16 bytes, after as many elements. */
  private boolean wide() {
    return channelsLast
        ? (input | output) % WIDE == 0 && mask.channels() % lanes() == 0
        : (input - output) % WIDE == 0;
  }

  private long pieceElements() {
    return (long) mask.samples() / mask.pieces() * mask.channels() * mask.geometry().pixels();
  }

  /** Channels first: a piece may begin within 16 bytes. */
  private long blocksOfPiece() {
    boolean aligned = output % WIDE == 0 && (mask.pieces() == 1 || pieceElements() % lanes() == 0);
    long places = pieceElements() + (wide() && !aligned ? lanes() - 1 : 0);
    return (places - 1) / ((long) THREADS * VECTORS * lanes()) + 1;
  }

  private long allBlocks() {
    if (!channelsLast) {
      return mask.pieces() * blocksOfPiece();
    }
    long runs = (long) mask.samples() * ((mask.geometry().pixels() - 1) / RUN + 1);
    return (runs * (mask.channels() / (wide() ? lanes() : 1)) - 1) / THREADS + 1;
  }

  int blocks() {
    return (int) allBlocks();
  }

  /** Channels first: a bit an element. */
  int sharedBytes() {
    return channelsLast ? 0 : THREADS * VECTORS * lanes() / Byte.SIZE;
  }

  /** The structure Product of product.cuh. */
  byte[] arguments() {
    return ByteBuffer.allocate(ARGUMENT_BYTES)
        .order(ByteOrder.nativeOrder())
        .putLong(output)
        .putLong(input)
        .putLong(mask.words())
        .putLong(mask.scales())
        .putLong(pieceElements())
        .putInt(mask.samples() / mask.pieces())
        .putInt(mask.channels())
        .putInt(mask.geometry().pixels())
        .putInt(mask.wordsPerMap())
        .putInt(mask.sharedChannels() ? 1 : 0)
        .putInt((int) (channelsLast ? allBlocks() : blocksOfPiece()))
        .putInt(wide() ? 1 : 0)
        .putInt(mask.pieces())
        .array();
  }
}
