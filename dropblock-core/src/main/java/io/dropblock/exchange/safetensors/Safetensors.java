package io.dropblock.exchange.safetensors;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a file holds.
 *
 * @param tensors by name, in the order of a file
 * @param metadata texts by name
 */
public record Safetensors(Map<String, Tensor> tensors, Map<String, String> metadata) {

  /** Copies the maps. */
  public Safetensors {
    tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
    metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
  }

  /**
   * Reads a whole file.
   *
   * @param file at its beginning; is not closed
   * @param length of the file, bytes
   * @throws SafetensorsException if it is not in this form
   * @throws IOException if it cannot be read
   */
  public static Safetensors read(InputStream file, long length) throws IOException {
    return new SafetensorsReader(file, length).read();
  }

  /**
   * Writes a whole file: larger types first, names in alphabetical order, as the library of that
   * name does.
   *
   * @param file is not closed
   */
  public void write(OutputStream file) throws IOException {
    new SafetensorsWriter(this).write(file);
  }
}
