package io.dropblock.spark.files;

import java.io.IOException;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.UnsupportedFileSystemException;
import org.apache.hadoop.util.VersionInfo;

/**
 * Paths from names as people and disks have them. Hadoop's own constructors read a colon in a name,
 * {@code exp:1} or {@code 2020-01-01T10:00:00.jpg}, as the end of a scheme and refuse it.
 */
public final class HadoopPath {
  /**
   * {@code hdfs://host/x}, {@code s3a://bucket}, {@code file:/x}: a scheme has two letters or more.
   */
  private static final Pattern WITH_SCHEME =
      Pattern.compile("[A-Za-z][A-Za-z0-9+.-]+:/.*", Pattern.DOTALL);

  private HadoopPath() {}

  /**
   * The full address of what a user typed: with scheme and host, but for a file of this machine
   * where that is what a path without a scheme means. A relative one begins at the working folder.
   *
   * @throws AddressException if it is empty, or nothing here reads its file system
   */
  public static Path of(String typed, Configuration configuration) {
    if (typed.isBlank()) {
      throw new AddressException("Cannot read path '" + typed + "': it is empty");
    }
    Path path = isAddress(typed) ? new Path(typed) : new Path(null, null, typed);
    FileSystem files = fileSystem(path, configuration);
    Path full = files.makeQualified(path);
    boolean plain =
        full.toUri().getScheme().equals("file")
            && FileSystem.getDefaultUri(configuration).getScheme().equals("file");
    return plain ? new Path(null, null, full.toUri().getPath()) : full;
  }

  /** Whether it begins with a scheme, such as {@code hdfs:/}. */
  public static boolean isAddress(String typed) {
    return WITH_SCHEME.matcher(typed).matches();
  }

  /**
   * What lies in a folder.
   *
   * @param name its name, or names with slashes between them
   */
  public static Path in(Path folder, String name) {
    return new Path(folder, new Path(null, null, name));
  }

  /**
   * The file system of a path; of a local one the plain disk, as the layer of checksums that Hadoop
   * lays over it cannot open a name with a colon, and leaves a file beside each.
   *
   * @throws AddressException if there is none, with what to do
   */
  public static FileSystem fileSystem(Path path, Configuration configuration) {
    try {
      FileSystem files = path.getFileSystem(configuration);
      return files instanceof LocalFileSystem local ? local.getRaw() : files;
    } catch (IOException | RuntimeException e) {
      throw new AddressException(
          String.format(
              Locale.ROOT, "Cannot reach %s: %s", path, reason(path.toUri().getScheme(), e)),
          e);
    }
  }

  private static String reason(String scheme, Exception failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    if (root instanceof UnknownHostException) {
      return "there is no host " + root.getMessage();
    }
    if (root instanceof ClassNotFoundException || root instanceof UnsupportedFileSystemException) {
      return String.format(
          Locale.ROOT,
          "no file system for %s: is on the class path; %s",
          scheme,
          scheme.equals("s3a")
              ? "add --conf spark.jars.packages=org.apache.hadoop:hadoop-aws:" + hadoop()
              : "add the jar of its Hadoop connector, with --conf spark.jars=FILE");
    }
    return root.getMessage();
  }

  /** The connector must be of the same version; a vendor's has more behind it. */
  private static String hadoop() {
    return VersionInfo.getVersion().replaceFirst("^(\\d+\\.\\d+\\.\\d+).*", "$1");
  }
}
