package io.dropblock.spark.ring;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * AES-256-GCM over the frames of one direction of one connection, in their order. A frame is {@code
 * bytes of the text (4, big-endian), the text encrypted, tag (16)}; the tag covers the length, too.
 * The nonce is the number of the frame, which is not sent: a frame that is repeated, left out or
 * out of order has a wrong tag. The key is of this connection alone, so no nonce comes twice under
 * it.
 */
final class FrameCipher {
  /**
   * The most bytes of text in a frame; it has at least 1. Enough that a frame's fixed cost is small
   * beside its text's, and little enough that text and frame stay in the second cache. Not measured
   * against other sizes.
   */
  static final int MOST_TEXT = 1 << 16;

  /** Bytes of a length. */
  static final int HEAD_BYTES = 4;

  static final int TAG_BYTES = 16;

  /** Bytes of the longest frame. */
  static final int MOST_BYTES = HEAD_BYTES + MOST_TEXT + TAG_BYTES;

  /** As many as with random nonces; far below what counters allow. 256 TiB of full frames. */
  static final long MOST_FRAMES = 1L << 32;

  private static final int NONCE_BYTES = 12;

  private final Cipher cipher;
  private final int mode;
  private final SecretKeySpec key;
  private final byte[] nonce = new byte[NONCE_BYTES];
  private final byte[] head = new byte[HEAD_BYTES];
  private long frames;

  /**
   * @param mode {@link Cipher#ENCRYPT_MODE} or {@link Cipher#DECRYPT_MODE}
   * @param key of this connection and direction
   */
  FrameCipher(int mode, SecretKeySpec key) {
    this.mode = mode;
    this.key = key;
    try {
      cipher = Cipher.getInstance("AES/GCM/NoPadding");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Cannot encrypt: " + e.getMessage(), e);
    }
  }

  /** Frames that are done: the number of the next one. */
  long frames() {
    return frames;
  }

  /**
   * Encrypts the text of the next frame, or decrypts it and checks its tag.
   *
   * @param in text, or encrypted text with its tag
   * @param length of it
   * @param text bytes of the frame's text
   * @param out another array, where the result goes
   * @throws GeneralSecurityException if the tag is wrong; {@code out} is worth nothing then
   */
  void next(byte[] in, int from, int length, int text, byte[] out, int to)
      throws GeneralSecurityException {
    if (frames == MOST_FRAMES) {
      throw new GeneralSecurityException(
          "this connection has had its " + MOST_FRAMES + " frames under one key");
    }
    ByteBuffer.wrap(nonce).putLong(NONCE_BYTES - Long.BYTES, frames);
    ByteBuffer.wrap(head).putInt(text);
    cipher.init(mode, key, new GCMParameterSpec(Byte.SIZE * TAG_BYTES, nonce));
    cipher.updateAAD(head);
    cipher.doFinal(in, from, length, out, to);
    frames++;
  }
}
