package io.dropblock.op;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;

/**
 * The mask scheme of docs/reference/dropblock-op.md written once more, without a line of the
 * kernels: big integers and booleans, one pixel at a time.
 */
final class MaskScheme {
  private static final BigInteger WORD = BigInteger.ONE.shiftLeft(32);
  private static final BigInteger LONG = BigInteger.ONE.shiftLeft(64);

  private MaskScheme() {}

  /** Which pixels of a map are dropped: {@code [row][column]}. */
  static boolean[][] dropped(
      BigInteger philoxKey, BlockGeometry map, double gamma, long step, long sample, int channel) {
    boolean[][] dropped = new boolean[map.height()][map.width()];
    int columns = map.width() - map.blockWidth() + 1;
    int starts = (map.height() - map.blockHeight() + 1) * columns;
    int horizon = Math.min(starts, 1024);
    int position = 0;
    for (int draw = 0; position < starts; draw++) {
      BigInteger[] words =
          draw == 0
              ? philox(philoxKey, 0, channel / 4, sample, step)
              : philox(philoxKey, 1 + (draw - 1) / 4, channel, sample, step);
      long word = words[draw == 0 ? channel % 4 : (draw - 1) % 4].longValueExact();
      int gap = 0;
      while (gap < horizon && word < Math.floor(StrictMath.pow(1 - gamma, gap + 1) * 0x1p32)) {
        gap++;
      }
      position += gap;
      if (gap == horizon || position >= starts) {
        continue;
      }
      for (int row = 0; row < map.blockHeight(); row++) {
        for (int column = 0; column < map.blockWidth(); column++) {
          dropped[position / columns + row][position % columns + column] = true;
        }
      }
      position++;
    }
    return dropped;
  }

  static BigInteger philoxKey(long seed, String layer) {
    BigInteger z = unsigned(seed).add(hex("9E3779B97F4A7C15")).mod(LONG);
    z = z.xor(z.shiftRight(30)).multiply(hex("BF58476D1CE4E5B9")).mod(LONG);
    z = z.xor(z.shiftRight(27)).multiply(hex("94D049BB133111EB")).mod(LONG);
    return z.xor(z.shiftRight(31)).xor(fnv1a(layer.getBytes(StandardCharsets.UTF_8)));
  }

  static BigInteger fnv1a(byte[] bytes) {
    BigInteger hash = hex("CBF29CE484222325");
    for (byte b : bytes) {
      hash = hash.xor(BigInteger.valueOf(b & 0xFF)).multiply(hex("100000001B3")).mod(LONG);
    }
    return hash;
  }

  static BigInteger[] philox(BigInteger key, long c0, long c1, long c2, long c3) {
    BigInteger[] c = {
      BigInteger.valueOf(c0), BigInteger.valueOf(c1), BigInteger.valueOf(c2), BigInteger.valueOf(c3)
    };
    BigInteger k0 = key.mod(WORD);
    BigInteger k1 = key.shiftRight(32);
    for (int round = 0; round < 10; round++) {
      BigInteger p0 = hex("D2511F53").multiply(c[0]);
      BigInteger p1 = hex("CD9E8D57").multiply(c[2]);
      c =
          new BigInteger[] {
            p1.shiftRight(32).xor(c[1]).xor(k0),
            p1.mod(WORD),
            p0.shiftRight(32).xor(c[3]).xor(k1),
            p0.mod(WORD)
          };
      k0 = k0.add(hex("9E3779B9")).mod(WORD);
      k1 = k1.add(hex("BB67AE85")).mod(WORD);
    }
    return c;
  }

  private static BigInteger unsigned(long value) {
    return BigInteger.valueOf(value).mod(LONG);
  }

  private static BigInteger hex(String digits) {
    return new BigInteger(digits, 16);
  }
}
