package io.dropblock.spark.data.source.files;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * What a listing needs of an extended header of pax: records of the form {@code "<length>
 * <key>=<value>\n"}, the length counting itself.
 *
 * @param path of the entry, or null
 * @param link what it leads to, or null
 * @param size bytes of its data, or -1
 * @param sparse whether the data are those of GNU's sparse files, a map of holes among them
 */
record PaxRecords(RawName path, RawName link, long size, boolean sparse) {
  static final PaxRecords NONE = new PaxRecords(null, null, -1, false);

  private static final String SPARSE = "GNU.sparse.";

  /**
   * Parses them; keys that a listing does not need are passed over.
   *
   * @throws IOException where they are malformed
   */
  static PaxRecords parse(byte[] data) throws IOException {
    PaxRecords found = NONE;
    int at = 0;
    while (at < data.length) {
      int space = at;
      int bytes = 0;
      while (space < data.length && Character.isDigit(data[space]) && bytes <= data.length) {
        bytes = bytes * 10 + data[space++] - '0';
      }
      if (space == at || bytes > data.length - at || bytes < space - at + 3 || data[space] != ' ') {
        throw new IOException("a pax header is malformed");
      }
      int equals = space + 1;
      int end = at + bytes - 1;
      while (equals < end && data[equals] != '=') {
        equals++;
      }
      if (equals < end) {
        String key = new String(data, space + 1, equals - space - 1, StandardCharsets.UTF_8);
        found = found.with(key, RawName.of(data, equals + 1, end - equals - 1));
      }
      at += bytes;
    }
    return found;
  }

  /** Whether it says nothing that a listing needs. */
  boolean isEmpty() {
    return equals(NONE);
  }

  private PaxRecords with(String key, RawName value) throws IOException {
    // An empty value takes back what was said before.
    boolean none = value.text().isEmpty();
    if (key.startsWith(SPARSE)) {
      boolean named = key.equals(SPARSE + "name");
      return new PaxRecords(named ? value : path, link, size, true);
    }
    return switch (key) {
      // A sparse file's own name is the other one.
      case "path" ->
          sparse && path != null ? this : new PaxRecords(none ? null : value, link, size, sparse);
      case "linkpath" -> new PaxRecords(path, none ? null : value, size, sparse);
      case "size" -> new PaxRecords(path, link, none ? -1 : size(value.text()), sparse);
      default -> this;
    };
  }

  private static long size(String value) throws IOException {
    if (!value.matches("[0-9]{1,18}")) {
      throw new IOException("a pax header gives the size '" + value + "'");
    }
    return Long.parseLong(value);
  }
}
