package io.dropblock.spark.files;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.util.EnumSet;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.CreateFlag;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsAction;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;

/**
 * A local disk, {@code full:/folder}, on which some bytes can still be written; what comes then
 * goes to Linux' {@code /dev/full}, so that the errors are those of a disk without room. To fill a
 * real one takes an administrator.
 */
public final class FullDisk extends RawLocalFileSystem {
  /** Bytes that can still be written, for all of this process. */
  public static volatile long left = Long.MAX_VALUE;

  /** The setting that makes Hadoop find it. */
  public static final String SETTING = "fs.full.impl";

  static FileSystem open() throws IOException {
    Configuration configuration = new Configuration();
    configuration.set(SETTING, FullDisk.class.getName());
    return new Path("full:///").getFileSystem(configuration);
  }

  @Override
  public URI getUri() {
    return URI.create("full:///");
  }

  @Override
  public String getScheme() {
    return "full";
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
    return limited(super.create(path, overwrite, buffer, replication, block, progress));
  }

  @Override
  public FSDataOutputStream createNonRecursive(
      Path path,
      FsPermission permission,
      EnumSet<CreateFlag> flags,
      int buffer,
      short replication,
      long block,
      Progressable progress)
      throws IOException {
    return limited(
        super.createNonRecursive(path, permission, flags, buffer, replication, block, progress));
  }

  /** Hadoop's own asks a file of the scheme {@code file}. */
  @Override
  public void access(Path path, FsAction mode) throws IOException {
    getFileStatus(path);
  }

  private static FileSystem device() throws IOException {
    return FileSystem.getLocal(new Configuration()).getRawFileSystem();
  }

  private static FSDataOutputStream limited(FSDataOutputStream out) throws IOException {
    return new FSDataOutputStream(
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
          }

          @Override
          public void write(byte[] bytes, int offset, int length) throws IOException {
            int room;
            synchronized (FullDisk.class) {
              room = (int) Math.min(length, left);
              left -= room;
            }
            out.write(bytes, offset, room);
            if (room < length) {
              try (OutputStream full = device().create(new Path("/dev/full"), true)) {
                full.write(bytes, offset + room, length - room);
              }
            }
          }

          @Override
          public void close() throws IOException {
            out.close();
          }
        },
        null);
  }
}
