package io.dropblock.spark.ring;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.security.GeneralSecurityException;
import java.util.Locale;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;

/**
 * Receives frames of {@link FrameCipher}. Nothing of a frame is given before its tag is right, and
 * no memory is taken for what a frame says of itself.
 */
final class SealedReceiver implements Receiver {
  private final SocketChannel channel;
  private final FrameCipher cipher;

  /** Text that was not asked for yet, from its position to its limit. */
  private final ByteBuffer text = ByteBuffer.allocate(FrameCipher.MOST_TEXT).limit(0);

  /** The begin of a frame, up to the position; or a whole one, and what came with it. */
  private final ByteBuffer frame = ByteBuffer.allocate(FrameCipher.MOST_BYTES);

  private long received;

  SealedReceiver(SocketChannel channel, SecretKeySpec key) {
    this.channel = channel;
    this.cipher = new FrameCipher(Cipher.DECRYPT_MODE, key);
  }

  @Override
  public SocketChannel channel() {
    return channel;
  }

  @Override
  public int give(ByteBuffer room) throws IOException {
    while (!text.hasRemaining() && !opened()) {
      int count = channel.read(frame);
      if (count <= 0) {
        return count;
      }
      received += count;
    }
    int count = Math.min(room.remaining(), text.remaining());
    room.put(text.array(), text.position(), count);
    text.position(text.position() + count);
    return count;
  }

  /** Opens the frame if it is whole. */
  private boolean opened() throws IOException {
    if (frame.position() < FrameCipher.HEAD_BYTES) {
      return false;
    }
    int length = frame.getInt(0);
    if (length < 1 || length > FrameCipher.MOST_TEXT) {
      throw new IOException(
          String.format(
              Locale.ROOT,
              "its frame %d says that it has %d bytes, and frames have 1 to %d: changed on the way",
              cipher.frames(),
              length,
              FrameCipher.MOST_TEXT));
    }
    int bytes = FrameCipher.HEAD_BYTES + length + FrameCipher.TAG_BYTES;
    if (frame.position() < bytes) {
      return false;
    }
    try {
      cipher.next(
          frame.array(),
          FrameCipher.HEAD_BYTES,
          length + FrameCipher.TAG_BYTES,
          length,
          text.array(),
          0);
    } catch (GeneralSecurityException e) {
      throw new IOException(
          String.format(
              Locale.ROOT,
              "its frame %d is not what it sent: changed, repeated or left out on the way",
              cipher.frames()),
          e);
    }
    text.clear().limit(length);
    frame.flip().position(bytes);
    frame.compact();
    return true;
  }

  @Override
  public long received() {
    return received;
  }
}
