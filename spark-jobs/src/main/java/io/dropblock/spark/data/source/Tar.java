package io.dropblock.spark.data.source;

import io.dropblock.spark.data.DataException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;

/**
 * Indexes an uncompressed tar by its headers: which file lies in which byte range. Knows ustar, GNU
 * long names and pax {@code path} and {@code size}; links, devices and sparse files are counted as
 * others. Everything a header says is checked against the file's real length.
 */
final class Tar {
  private static final int MAX_EXTENSION_BYTES = 1 << 20;

  private final String path;
  private final long length;
  private final FSDataInputStream in;
  private final FileTree tree = new FileTree();
  private String longName;
  private long longSize = -1;

  private Tar(String path, long length, FSDataInputStream in) {
    this.path = path;
    this.length = length;
    this.in = in;
  }

  /**
   * Lists the files of a tar.
   *
   * @throws DataException where it is no tar, is damaged or is cut short
   */
  static FileTree read(FileSystem fileSystem, FileStatus status) throws IOException {
    try (FSDataInputStream in = fileSystem.open(status.getPath())) {
      Tar tar = new Tar(status.getPath().toString(), status.getLen(), in);
      tar.readAll();
      return tar.tree;
    }
  }

  private void readAll() throws IOException {
    byte[] block = new byte[TarHeader.BYTES];
    long position = 0;
    while (true) {
      // The zero block is required: without it a tar cut between two entries would pass for a whole
      // one.
      if (length - position < block.length) {
        throw broken(
            position,
            position == 0 ? "it is too short" : "it ends without its end mark, cut short");
      }
      in.seek(position);
      in.readFully(block);
      if (position == 0 && block[0] == 0x1F && block[1] == (byte) 0x8B) {
        throw new DataException("Cannot read " + path + ": it is gzip-compressed, gunzip it first");
      }
      if (TarHeader.isEnd(block)) {
        return;
      }
      position = readEntry(block, position);
    }
  }

  private long readEntry(byte[] block, long position) throws IOException {
    TarHeader header;
    try {
      header = TarHeader.parse(block);
    } catch (IOException e) {
      throw broken(position, e.getMessage());
    }
    long start = position + TarHeader.BYTES;
    boolean extension = "LKxg".indexOf(header.type()) >= 0;
    long size = extension || longSize < 0 ? header.size() : longSize;
    String name = longName == null ? header.name() : longName;
    if (size > length - start) {
      throw broken(
          position,
          "'%s' should have %d bytes, but only %d are left, cut short"
              .formatted(name, size, length - start));
    }
    if (extension) {
      readExtension(header, position);
    } else {
      addEntry(header.type(), name, start, size);
      longName = null;
      longSize = -1;
    }
    return start + TarHeader.padded(size);
  }

  private void addEntry(char type, String name, long start, long size) {
    switch (type) {
      // An old tar marks a folder by a slash at its end; '7' is a contiguous file.
      case '0', '7' -> {
        if (name.endsWith("/")) {
          tree.addFolder(name, path);
        } else {
          tree.addFile(name, path, start, size);
        }
      }
      case '5' -> tree.addFolder(name, path);
      default -> tree.addOther();
    }
  }

  private void readExtension(TarHeader header, long position) throws IOException {
    if (header.size() > MAX_EXTENSION_BYTES) {
      throw broken(
          position, "a long name or pax header of " + header.size() + " bytes is not believable");
    }
    byte[] data = new byte[(int) header.size()];
    in.readFully(data);
    switch (header.type()) {
      case 'L' -> longName = TarHeader.text(data, 0, data.length);
      case 'x' -> readPax(data, position);
      default -> {
        // 'K' names a link's target, 'g' holds comments: nothing that a listing needs.
      }
    }
  }

  /** Records of the form {@code "<length> <key>=<value>\n"}, the length counting itself. */
  private void readPax(byte[] data, long position) throws IOException {
    int at = 0;
    while (at < data.length) {
      int space = at;
      int bytes = 0;
      while (space < data.length && Character.isDigit(data[space]) && bytes <= data.length) {
        bytes = bytes * 10 + data[space++] - '0';
      }
      if (space == at || bytes > data.length - at || bytes < space - at + 3 || data[space] != ' ') {
        throw broken(position, "a pax header is malformed");
      }
      String[] record = text(data, space + 1, at + bytes - 1 - (space + 1)).split("=", 2);
      if (record.length == 2 && record[0].equals("path")) {
        longName = record[1];
      } else if (record.length == 2 && record[0].equals("size")) {
        longSize = paxSize(record[1], position);
      }
      at += bytes;
    }
  }

  private long paxSize(String value, long position) {
    if (!value.matches("[0-9]{1,18}")) {
      throw broken(position, "a pax header gives the size '" + value + "'");
    }
    return Long.parseLong(value);
  }

  private static String text(byte[] data, int offset, int length) {
    return new String(data, offset, length, StandardCharsets.UTF_8);
  }

  private DataException broken(long position, String reason) {
    return new DataException(
        "Cannot read %s as a tar: at byte %d %s".formatted(path, position, reason));
  }
}
