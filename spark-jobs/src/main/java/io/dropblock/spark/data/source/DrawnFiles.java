package io.dropblock.spark.data.source;

import io.dropblock.spark.files.HadoopPath;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Where a drawn data set goes: a folder, or one file where thousands of small ones take long. */
interface DrawnFiles extends Closeable {

  /** Those of a tar where the path ends in {@code .tar}, else of a folder. */
  static DrawnFiles in(FileSystem files, Path path) throws IOException {
    return path.getName().endsWith(".tar")
        ? new Tar(
            new TarArchiveOutputStream(files.create(path, true), StandardCharsets.UTF_8.name()))
        : new Folder(files, path);
  }

  /** Writes a file, and the folders it is in; in a folder over one that is there. */
  void write(String name, byte[] bytes) throws IOException;

  /** A file each. */
  record Folder(FileSystem files, Path path) implements DrawnFiles {
    @Override
    public void write(String name, byte[] bytes) throws IOException {
      try (FSDataOutputStream out = files.create(HadoopPath.in(path, name), true)) {
        out.write(bytes);
      }
    }

    @Override
    public void close() {}
  }

  /** An entry each. */
  record Tar(TarArchiveOutputStream out) implements DrawnFiles {
    @Override
    public void write(String name, byte[] bytes) throws IOException {
      TarArchiveEntry entry = new TarArchiveEntry(name);
      entry.setSize(bytes.length);
      // equal seeds make equal files
      entry.setModTime(0L);
      out.putArchiveEntry(entry);
      out.write(bytes);
      out.closeArchiveEntry();
    }

    @Override
    public void close() throws IOException {
      out.close();
    }
  }
}
