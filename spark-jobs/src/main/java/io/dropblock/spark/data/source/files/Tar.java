package io.dropblock.spark.data.source.files;

import io.dropblock.spark.data.DataException;
import io.dropblock.spark.data.image.ImageFormat;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Indexes an uncompressed tar by its headers: which file lies in which byte range. Knows ustar, GNU
 * long names and pax; links become what they lead to; sparse files, devices and names that are not
 * UTF-8 are left out by name. Everything a header says is checked against the tar's real length. A
 * tar behind a tar is read as well, and a tar within a tar is indexed where it lies.
 */
public final class Tar {
  private static final int MAX_EXTENSION_BYTES = 1 << 20;
  // How they begin, and what they are.
  private static final String[][] COMPRESSED = {
    {"\u001f\u008b", "gzip-compressed, gunzip it first"},
    {"PK\u0003\u0004", "a zip, unzip it first"},
    {"BZh", "bzip2-compressed, bunzip2 it first"},
    {"\u00fd7zXZ\0", "xz-compressed, unxz it first"},
    {"(\u00b5/\u00fd", "zstd-compressed, unzstd it first"},
    {"7z\u00bc\u00af'", "a 7z archive, unpack it first"},
    {"Rar!", "a rar archive, unpack it first"},
  };
  private static final String SPARSE =
      "it is stored as a sparse file, which this program does not read: pack it without --sparse";

  private final String title;
  private final String container;
  private final long start;
  private final long end;
  private final FSDataInputStream in;
  private final FileTree tree;
  private final TarLinks links;
  private final byte[] block = new byte[TarHeader.BYTES];
  private RawName longName;
  private RawName longLink;
  private PaxRecords pax = PaxRecords.NONE;

  private Tar(String title, FileTree.Entry whole, FSDataInputStream in) {
    this.title = title;
    this.container = whole.container();
    this.start = whole.offset();
    this.end = whole.offset() + whole.length();
    this.in = in;
    this.tree = new FileTree(title);
    this.links = new TarLinks(tree);
  }

  /**
   * Lists the files of a tar.
   *
   * @throws DataException where it is no tar, is damaged or is cut short
   */
  public static FileTree read(FileSystem fileSystem, FileStatus status) throws IOException {
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
  public static FileTree readInner(FileSystem fileSystem, FileTree.Entry entry) throws IOException {
    return read(fileSystem, "entry " + entry.name() + " of " + entry.container(), entry);
  }

  private static FileTree read(FileSystem fileSystem, String title, FileTree.Entry whole)
      throws IOException {
    try (FSDataInputStream in = fileSystem.open(new Path(whole.container()))) {
      Tar tar = new Tar(title, whole, in);
      tar.readAll();
      tar.links.follow();
      return tar.tree;
    }
  }

  private void readAll() throws IOException {
    long position = start;
    // The zero block is required: without it a tar cut between two entries would pass for a whole
    // one.
    boolean ended = false;
    while (end - position >= block.length) {
      readBlock(position);
      if (position == start) {
        checkKind();
      }
      if (TarHeader.isEnd(block)) {
        checkNothingPending(position);
        ended = true;
        position += block.length;
      } else if (ended && !TarHeader.isHeader(block)) {
        leaveOutRest(position);
        return;
      } else {
        ended = false;
        position = readEntry(position);
      }
    }
    if (!ended) {
      throw broken(
          position,
          position == start ? "it is too short" : "it ends without its end mark, cut short");
    }
    // Less than a block.
    byte[] rest = new byte[(int) (end - position)];
    in.seek(position);
    in.readFully(rest);
    if (!TarHeader.isEnd(rest)) {
      leaveOutRest(position);
    }
  }

  /** By the first block: neither compressed nor something else, as a damaged tar is a tar. */
  private void checkKind() {
    String mark = new String(block, 0, 6, StandardCharsets.ISO_8859_1);
    for (String[] other : COMPRESSED) {
      if (mark.startsWith(other[0])) {
        throw new DataException("Cannot read " + title + ": it is " + other[1]);
      }
    }
    if (TarHeader.isMeant(block) || TarHeader.isEnd(block)) {
      return;
    }
    Optional<ImageFormat> image = ImageFormat.of(block);
    throw new DataException(
        image.isPresent()
            ? String.format(
                Locale.ROOT,
                "Cannot read %s as a tar: it is a single %s image; name the folder of the data set",
                title,
                image.get().title())
            : "Cannot read " + title + " as a tar: it is none; name a folder or a tar");
  }

  /** What lies behind the end and is no tar: perhaps only padding, perhaps half of the data. */
  private void leaveOutRest(long position) {
    String rest =
        String.format(
            Locale.ROOT,
            "%d bytes at byte %d, behind the end mark",
            end - position,
            position - start);
    tree.leaveOut(rest, "they are no tar: cut them off, or pack all files into one tar");
  }

  private void readBlock(long position) throws IOException {
    in.seek(position);
    in.readFully(block);
  }

  private long readEntry(long position) throws IOException {
    TarHeader header;
    try {
      header = TarHeader.parse(block);
    } catch (IOException e) {
      throw broken(position, e.getMessage());
    }
    boolean extension = "LKxXg".indexOf(header.type()) >= 0;
    RawName name = pax.path() != null ? pax.path() : longName != null ? longName : header.name();
    RawName link = pax.link() != null ? pax.link() : longLink != null ? longLink : header.link();
    long data = dataAt(header, position);
    long size = extension || pax.size() < 0 ? header.size() : pax.size();
    if (size > 0 && "123456".indexOf(header.type()) >= 0 && isHeaderAt(data)) {
      // Some tars give a size to what has no data.
      size = 0;
    }
    if (size > end - data) {
      throw broken(
          position,
          String.format(
              Locale.ROOT,
              "'%s' should have %d bytes, but only %d are left, cut short",
              name.text(),
              size,
              Math.max(0, end - data)));
    }
    if (extension) {
      readExtension(header, data, position);
    } else {
      addEntry(header.type(), name, link, data, size);
      longName = null;
      longLink = null;
      pax = PaxRecords.NONE;
    }
    return data + TarHeader.padded(size);
  }

  /** Where an entry's data begin: behind its header, and behind the map of a sparse file. */
  private long dataAt(TarHeader header, long position) throws IOException {
    long data = position + block.length;
    if (header.type() == 'S') {
      boolean more = TarHeader.sparseMapFollows(block, true);
      while (more) {
        if (end - data < block.length) {
          throw broken(position, "the map of a sparse file is cut short");
        }
        readBlock(data);
        more = TarHeader.sparseMapFollows(block, false);
        data += block.length;
      }
    }
    return data;
  }

  private boolean isHeaderAt(long position) throws IOException {
    if (end - position < block.length) {
      return false;
    }
    readBlock(position);
    return TarHeader.isEnd(block) || TarHeader.isHeader(block);
  }

  private void addEntry(char type, RawName name, RawName link, long offset, long size) {
    String path = name.text();
    if (!name.isUtf8()) {
      tree.leaveOut(path, "its name is not UTF-8: rename it and pack it again");
      return;
    }
    links.forget(path);
    // An old tar marks a folder by a slash at its end; 'D' is GNU's folder with a list in it.
    boolean folder = type == '5' || type == 'D' || type == '0' && path.endsWith("/");
    if (folder) {
      tree.addFolder(path);
    } else if (pax.sparse() || type == 'S') {
      tree.leaveOut(path, SPARSE);
    } else if (type == '0' || type == '7' || type == '1' && size > 0) {
      // '7' is a contiguous file; a hard link may come with the data.
      tree.addFile(path, container, offset, size);
    } else if (type == '1') {
      links.addHard(path, link.text());
    } else if (type == '2') {
      links.addSymbolic(path, link.text());
    } else if (type != 'V') {
      tree.leaveOut(path, unknown(type));
    }
  }

  private static String unknown(char type) {
    return switch (type) {
      case '3', '4', '6' -> "it is a device or a pipe, no file";
      case 'M' -> "it goes on from another volume: join the volumes first";
      default -> "it is an entry of the unknown type '" + type + "'";
    };
  }

  private void readExtension(TarHeader header, long at, long position) throws IOException {
    if (header.size() > MAX_EXTENSION_BYTES) {
      throw broken(
          position, "a long name or pax header of " + header.size() + " bytes is not believable");
    }
    byte[] data = new byte[(int) header.size()];
    in.seek(at);
    in.readFully(data);
    switch (header.type()) {
      case 'L' -> longName = TarHeader.name(data, 0, data.length);
      case 'K' -> longLink = TarHeader.name(data, 0, data.length);
      default -> {
        PaxRecords records = pax(data, position);
        if (header.type() != 'g') {
          pax = records;
        } else if (!records.isEmpty()) {
          throw broken(position, "a pax header gives one name or size to all entries behind it");
        }
      }
    }
  }

  private PaxRecords pax(byte[] data, long position) {
    try {
      return PaxRecords.parse(data);
    } catch (IOException e) {
      throw broken(position, e.getMessage());
    }
  }

  private void checkNothingPending(long position) {
    if (longName != null || longLink != null || !pax.isEmpty()) {
      throw broken(position, "it ends behind an entry's long name, before the entry, cut short");
    }
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
