package io.dropblock.spark.ring;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;

/** Sends bytes in frames of {@link FrameCipher}, one at a time. */
final class SealedSender implements Sender {
  private final SocketChannel channel;
  private final FrameCipher cipher;
  private final byte[] text = new byte[FrameCipher.MOST_TEXT];

  /** The frame that is leaving, from its position to its limit. */
  private final ByteBuffer frame = ByteBuffer.allocate(FrameCipher.MOST_BYTES).limit(0);

  private long sent;

  SealedSender(SocketChannel channel, SecretKeySpec key) {
    this.channel = channel;
    this.cipher = new FrameCipher(Cipher.ENCRYPT_MODE, key);
  }

  @Override
  public SocketChannel channel() {
    return channel;
  }

  @Override
  public int take(ByteBuffer bytes) throws IOException {
    flush();
    if (holdsBack() || !bytes.hasRemaining()) {
      return 0;
    }
    int count = Math.min(bytes.remaining(), text.length);
    bytes.get(text, 0, count);
    seal(count);
    flush();
    return count;
  }

  private void seal(int count) throws IOException {
    try {
      frame.clear().putInt(count);
      cipher.next(text, 0, count, count, frame.array(), FrameCipher.HEAD_BYTES);
      frame.position(0).limit(FrameCipher.HEAD_BYTES + count + FrameCipher.TAG_BYTES);
    } catch (GeneralSecurityException e) {
      frame.limit(0);
      throw new IOException("cannot encrypt for it: " + e.getMessage(), e);
    }
  }

  private void flush() throws IOException {
    if (frame.hasRemaining()) {
      sent += channel.write(frame);
    }
  }

  @Override
  public boolean holdsBack() {
    return frame.hasRemaining();
  }

  @Override
  public long sent() {
    return sent;
  }
}
