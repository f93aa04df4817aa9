package io.dropblock.spark.ring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.Random;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

/** The frames on the wire, opened by their description alone. */
class SealedSenderTest {
  private static final SecretKeySpec KEY = new SecretKeySpec(new byte[32], "AES");

  @Test
  void aFrameIsItsLengthTheTextAndATagWithItsNumberAsNonce() throws Exception {
    byte[] text = new byte[65_536 + 1000];
    new Random(1).nextBytes(text);
    try (ServerSocketChannel door = ServerSocketChannel.open()) {
      door.bind(new InetSocketAddress(Ranks.LOOPBACK, 0));
      try (SocketChannel out = SocketChannel.open(door.getLocalAddress());
          SocketChannel in = door.accept()) {
        Sender sender = new SealedSender(out, KEY);
        ByteBuffer direct = ByteBuffer.allocateDirect(text.length).put(text).flip();
        assertThat(sender.take(direct)).isEqualTo(65_536);
        assertThat(sender.take(direct)).isEqualTo(1000);
        assertThat(sender.take(direct)).isZero();
        assertThat(sender.holdsBack()).isFalse();
        assertThat(sender.sent()).isEqualTo(text.length + 2 * 20);

        DataInputStream stream = new DataInputStream(in.socket().getInputStream());
        assertThat(opened(stream, 0)).isEqualTo(Arrays.copyOf(text, 65_536));
        assertThat(opened(stream, 1)).isEqualTo(Arrays.copyOfRange(text, 65_536, text.length));
      }
    }
  }

  private static byte[] opened(DataInputStream stream, long number) throws Exception {
    int length = stream.readInt();
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    byte[] nonce = ByteBuffer.allocate(12).putInt(0).putLong(number).array();
    cipher.init(Cipher.DECRYPT_MODE, KEY, new GCMParameterSpec(128, nonce));
    cipher.updateAAD(ByteBuffer.allocate(4).putInt(length).flip());
    return cipher.doFinal(stream.readNBytes(length + 16));
  }
}
