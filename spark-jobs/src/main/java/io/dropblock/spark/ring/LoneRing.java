package io.dropblock.spark.ring;

import java.nio.ByteBuffer;
import java.util.List;

/** A world of 1: the mean over the ranks is the array, and the sum that of its own arrays. */
final class LoneRing implements Ring {
  private static final ByteBuffer NOTHING = RoundBuffers.direct(0);

  @Override
  public int rank() {
    return 0;
  }

  @Override
  public int world() {
    return 1;
  }

  @Override
  public void averageFloats(ByteBuffer array) {
    Elements.require("average", array, Float.BYTES);
  }

  @Override
  public void averageDoubles(ByteBuffer array) {
    Elements.require("average", array, Double.BYTES);
  }

  @Override
  public void sumFloats(List<ByteBuffer> own) {
    Summands.require(own, Float.BYTES);
    new FloatSummands(own, NOTHING).fold();
  }

  @Override
  public void sumDoubles(List<ByteBuffer> own) {
    Summands.require(own, Double.BYTES);
    new DoubleSummands(own, NOTHING).fold();
  }

  @Override
  public List<byte[]> gather(byte[] message) {
    Message.requireShort(message);
    return List.of(message.clone());
  }

  @Override
  public long bytesSent() {
    return 0;
  }

  @Override
  public long bytesReceived() {
    return 0;
  }

  @Override
  public long nanosWaited() {
    return 0;
  }

  @Override
  public void close() {}
}
