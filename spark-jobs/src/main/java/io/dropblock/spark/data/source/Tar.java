package io.dropblock.spark.data.source;

import io.dropblock.spark.data.DataException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Indexes an uncompressed tar by its headers: which file lies in which byte range. Knows ustar, GNU
 * long names and pax {@code path} and {@code size}; links, devices and sparse files are counted as
 * others. Everything a header says is checked against the tar's real length. A tar within a tar is
 * indexed where it lies.
 */
final class Tar {
  private static final int MAX_EXTENSION_BYTES = 1 << 20;

  private final String title;
  private final String container;
  private final long start;
  private final long end;
  private final FSDataInputStream in;
  private final FileTree tree;
  private String longName;
  private long longSize = -1;

  private Tar(String title, FileTree.Entry whole, FSDataInputStream in) {
    this.title = title;
    this.container = whole.container();
    this.start = whole.offset();
    this.end = whole.offset() + whole.length();
    this.in = in;
    this.tree = new FileTree(title);
  }

  /**
   * Lists the files of a tar.
   *
   * @throws DataException where it is no tar, is damaged or is cut short
   */
  static FileTree read(FileSystem fileSystem, FileStatus status) throws IOException {
    String path = status.getPath().toString();
    FileTree.Entry whole = new FileTree.Entry("", path, 0, status.getLen());
    return read(fileSystem, path, whole);
  }

  /**
   * Lists the files of a tar that is an entry of another one; their byte ranges are those within
   * the outer tar.
   *
   * @throws DataException as for a tar of its own
   */
  static FileTree readInner(FileSystem fileSystem, FileTree.Entry entry) throws IOException {
    return read(fileSystem, "entry " + entry.name() + " of " + entry.container(), entry);
  }

  private static FileTree read(FileSystem fileSystem, String title, FileTree.Entry whole)
      throws IOException {
    try (FSDataInputStream in = fileSystem.open(new Path(whole.container()))) {
      Tar tar = new Tar(title, whole, in);
      tar.readAll();
      return tar.tree;
    }
  }

  private void readAll() throws IOException {
    byte[] block = new byte[TarHeader.BYTES];
    long position = start;
    while (true) {
      // The zero block is required: without it a tar cut between two entries would pass for a whole
      // one.
      if (end - position < block.length) {
        throw broken(
            position,
            position == start ? "it is too short" : "it ends without its end mark, cut short");
      }
      in.seek(position);
      in.readFully(block);
      if (position == start && block[0] == 0x1F && block[1] == (byte) 0x8B) {
        throw new DataException(
            "Cannot read " + title + ": it is gzip-compressed, gunzip it first");
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
    long data = position + TarHeader.BYTES;
    boolean extension = "LKxg".indexOf(header.type()) >= 0;
    long size = extension || longSize < 0 ? header.size() : longSize;
    String name = longName == null ? header.name() : longName;
    if (size > end - data) {
      throw broken(
          position,
          String.format(
              Locale.ROOT,
              "'%s' should have %d bytes, but only %d are left, cut short",
              name,
              size,
              end - data));
    }
    if (extension) {
      readExtension(header, position);
    } else {
      addEntry(header.type(), name, data, size);
      longName = null;
      longSize = -1;
    }
    return data + TarHeader.padded(size);
  }

  private void addEntry(char type, String name, long offset, long size) {
    switch (type) {
      // An old tar marks a folder by a slash at its end; '7' is a contiguous file.
      case '0', '7' -> {
        if (name.endsWith("/")) {
          tree.addFolder(name);
        } else {
          tree.addFile(name, container, offset, size);
        }
      }
      case '5' -> tree.addFolder(name);
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
        String.format(
            Locale.ROOT,
            "Cannot read %s as a tar: at byte %d %s",
            title,
            position - start,
            reason));
  }
}
