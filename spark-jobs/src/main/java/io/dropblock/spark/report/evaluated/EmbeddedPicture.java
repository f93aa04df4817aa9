package io.dropblock.spark.report.evaluated;

import java.util.Base64;

/**
 * A picture within a page.
 *
 * @param type of its bytes: {@code image/png}, {@code image/jpeg}
 * @param base64 its bytes
 * @param alt what is to be seen, in words
 */
public record EmbeddedPicture(String type, String base64, String alt) {
  static EmbeddedPicture of(String type, byte[] bytes, String alt) {
    return new EmbeddedPicture(type, Base64.getEncoder().encodeToString(bytes), alt);
  }
}
