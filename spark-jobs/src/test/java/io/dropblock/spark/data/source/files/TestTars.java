package io.dropblock.spark.data.source.files;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/** Tars written by somebody else's code. */
public final class TestTars {
  private TestTars() {}

  /** Packs a folder; {@code prefix} is put before each name; empty folders keep their entries. */
  public static Path pack(Path folder, Path tar, String prefix, int longFileMode)
      throws IOException {
    try (OutputStream file = Files.newOutputStream(tar);
        TarArchiveOutputStream out = new TarArchiveOutputStream(file, "UTF-8");
        Stream<Path> walk = Files.walk(folder)) {
      out.setLongFileMode(longFileMode);
      List<Path> paths = walk.filter(path -> !path.equals(folder)).sorted().toList();
      for (Path path : paths) {
        String name = prefix + folder.relativize(path).toString().replace('\\', '/');
        TarArchiveEntry entry = new TarArchiveEntry(path.toFile(), name);
        out.putArchiveEntry(entry);
        if (Files.isRegularFile(path)) {
          Files.copy(path, out);
        }
        out.closeArchiveEntry();
      }
    }
    return tar;
  }

  /** Writes entries of names that no packer would write, with the same data each. */
  public static Path write(Path tar, byte[] data, String... names) throws IOException {
    try (OutputStream file = Files.newOutputStream(tar);
        TarArchiveOutputStream out = new TarArchiveOutputStream(file, "UTF-8")) {
      out.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
      for (String name : names) {
        TarArchiveEntry entry = new TarArchiveEntry(name, true);
        entry.setSize(data.length);
        out.putArchiveEntry(entry);
        out.write(data);
        out.closeArchiveEntry();
      }
    }
    return tar;
  }

  /** The bytes of a tar with the given entries, in the order of the map. */
  public static byte[] bytes(Map<String, byte[]> entries) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream out = new TarArchiveOutputStream(bytes, "UTF-8")) {
      for (Map.Entry<String, byte[]> file : entries.entrySet()) {
        TarArchiveEntry entry = new TarArchiveEntry(file.getKey(), true);
        entry.setSize(file.getValue().length);
        out.putArchiveEntry(entry);
        out.write(file.getValue());
        out.closeArchiveEntry();
      }
    }
    return bytes.toByteArray();
  }

  /**
   * One entry as its header says it, with its data and their padding; what no packer would write.
   *
   * @param name bytes of the name, one a character
   * @param link what a link leads to, one byte a character
   */
  public static byte[] entry(char type, String name, String link, byte[] data) {
    byte[] entry = new byte[512 + (data.length + 511) / 512 * 512];
    put(entry, 0, name);
    put(entry, 124, String.format(Locale.ROOT, "%011o", data.length));
    entry[156] = (byte) type;
    put(entry, 157, link);
    put(entry, 257, "ustar\00000");
    System.arraycopy(data, 0, entry, 512, data.length);
    return withChecksum(entry);
  }

  /** A tar of such entries, with its end mark. */
  static Path join(Path tar, byte[]... entries) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (byte[] entry : entries) {
      bytes.write(entry);
    }
    bytes.write(new byte[1024]);
    return Files.write(tar, bytes.toByteArray());
  }

  /** Puts the sum of a header's bytes where it belongs. */
  static byte[] withChecksum(byte[] header) {
    Arrays.fill(header, 148, 156, (byte) ' ');
    int sum = 0;
    for (int i = 0; i < 512; i++) {
      sum += header[i] & 0xFF;
    }
    put(header, 148, String.format(Locale.ROOT, "%06o\0 ", sum));
    return header;
  }

  private static void put(byte[] bytes, int at, String text) {
    byte[] one = text.getBytes(StandardCharsets.ISO_8859_1);
    System.arraycopy(one, 0, bytes, at, one.length);
  }
}
