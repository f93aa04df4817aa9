package io.dropblock.spark.train;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.URI;
import org.apache.hadoop.fs.CommonPathCapabilities;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.StreamCapabilities;
import org.apache.hadoop.fs.permission.FsAction;
import org.apache.hadoop.util.Progressable;

/**
 * A file system with the semantics of S3A, on a local folder: no append, no flush, and a rename of
 * a folder that copies one file after the other and may die in between. There is no S3 to start in
 * a test.
 */
public final class ObjectStore extends RawLocalFileSystem {
  /** Files that a rename copies before it dies; negative for all. */
  static int diesAfter = -1;

  /** The end of the paths that cannot be opened now; null for none. */
  static String unreachable;

  /** What another process does before the next file is opened; null for nothing. */
  static Runnable meanwhile;

  @Override
  public URI getUri() {
    return URI.create("objects:///");
  }

  @Override
  public String getScheme() {
    return "objects";
  }

  @Override
  public FSDataOutputStream append(Path path, int buffer, Progressable progress) {
    throw new UnsupportedOperationException("append");
  }

  @Override
  public boolean hasPathCapability(Path path, String capability) throws IOException {
    return !capability.equals(CommonPathCapabilities.FS_APPEND)
        && super.hasPathCapability(path, capability);
  }

  @Override
  public FSDataOutputStream create(
      Path path,
      boolean overwrite,
      int buffer,
      short replication,
      long block,
      Progressable progress)
      throws IOException {
    FSDataOutputStream out = super.create(path, overwrite, buffer, replication, block, progress);
    return new FSDataOutputStream(out, null) {
      @Override
      public boolean hasCapability(String capability) {
        return !capability.equals(StreamCapabilities.HSYNC) && super.hasCapability(capability);
      }

      @Override
      public void hflush() {
        throw new UnsupportedOperationException("hflush");
      }

      @Override
      public void hsync() {
        throw new UnsupportedOperationException("hsync");
      }
    };
  }

  /** There are no permissions. */
  @Override
  public void access(Path path, FsAction action) {}

  @Override
  public FSDataInputStream open(Path path, int buffer) throws IOException {
    Runnable other = meanwhile;
    meanwhile = null;
    if (other != null) {
      other.run();
    }
    if (unreachable != null && path.toString().endsWith(unreachable)) {
      throw new SocketTimeoutException("Read timed out");
    }
    return super.open(path, buffer);
  }

  @Override
  public boolean rename(Path from, Path to) throws IOException {
    if (!exists(from)) {
      throw new FileNotFoundException(from.toString());
    }
    if (getFileStatus(from).isFile()) {
      return super.rename(from, to);
    }
    int copied = 0;
    for (FileStatus file : listStatus(from)) {
      if (copied++ == diesAfter) {
        throw new IOException("the process died");
      }
      super.mkdirs(to);
      super.rename(file.getPath(), new Path(to, file.getPath().getName()));
    }
    return delete(from, true);
  }
}
