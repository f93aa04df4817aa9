package io.dropblock.spark.kubernetes;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Base64;

/** A Secret of the API. */
public final class SecretObject {
  private SecretObject() {}

  /**
   * Adds one with one file.
   *
   * @param name its own
   * @param file in it
   */
  public static void create(ApiServer api, String name, String file, String text) {
    ObjectNode secret =
        new ObjectMapper().createObjectNode().put("apiVersion", "v1").put("kind", "Secret");
    secret.putObject("metadata").put("name", name).put("namespace", "default");
    secret.putObject("data").put(file, Base64.getEncoder().encodeToString(text.getBytes(UTF_8)));
    api.create("secrets", secret);
  }
}
