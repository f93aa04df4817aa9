package io.dropblock.spark.data.shard;

import io.dropblock.spark.data.DataException;
import io.dropblock.spark.data.Split;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The folder beside the output that everything is written to first. Closing it deletes it, unless
 * it became the output. On a file system whose rename is not atomic (object stores) the manifest is
 * still the last file that was written to it.
 */
final class Staging implements AutoCloseable {
  private final FileSystem fileSystem;
  private final Path out;
  private final Path path;
  private final Path lowestExisting;

  private Staging(FileSystem fileSystem, Path out, Path path, Path lowestExisting) {
    this.fileSystem = fileSystem;
    this.out = out;
    this.path = path;
    this.lowestExisting = lowestExisting;
  }

  /** Creates the folder, which also proves that the output can be written. */
  static Staging create(Path out, Configuration configuration) throws IOException {
    FileSystem fileSystem = out.getFileSystem(configuration);
    Path target = fileSystem.makeQualified(out);
    if (target.isRoot()) {
      throw new DataException("Cannot write data set to " + out + ": it is the root folder");
    }
    refuseExisting(fileSystem, target, out);
    Path path =
        new Path(target.getParent(), "." + target.getName() + ".staging-" + UUID.randomUUID());
    Path lowestExisting = target.getParent();
    while (!fileSystem.exists(lowestExisting) && !lowestExisting.isRoot()) {
      lowestExisting = lowestExisting.getParent();
    }
    if (!fileSystem.mkdirs(path)) {
      throw new IOException("cannot make the folder " + path);
    }
    return new Staging(fileSystem, target, path, lowestExisting);
  }

  Path path() {
    return path;
  }

  /** Writes the manifest and makes this folder the output. */
  void publish(DatasetManifest manifest) throws IOException {
    Set<String> known = new HashSet<>();
    for (Split split : Split.values()) {
      manifest.shards(split).forEach(shard -> known.add(shard.file()));
    }
    // Left by attempts that were killed.
    for (FileStatus status : fileSystem.listStatus(path)) {
      if (!known.contains(status.getPath().getName())) {
        fileSystem.delete(status.getPath(), true);
      }
    }
    ManifestFile.write(fileSystem, path, manifest);
    // Hadoop moves a folder into an existing one without complaint.
    refuseExisting(fileSystem, out, out);
    if (!fileSystem.rename(path, out)) {
      throw new IOException("cannot rename " + path);
    }
  }

  private static void refuseExisting(FileSystem fileSystem, Path target, Path out)
      throws IOException {
    if (fileSystem.exists(target)) {
      throw new DataException("Cannot write data set to " + out + ": it exists already");
    }
  }

  @Override
  public void close() throws IOException {
    fileSystem.delete(path, true);
    // Folders above it that were made with it go, too, unless they hold the output or anything
    // else.
    Path folder = out.getParent();
    while (!folder.equals(lowestExisting) && fileSystem.listStatus(folder).length == 0) {
      fileSystem.delete(folder, false);
      folder = folder.getParent();
    }
  }
}
