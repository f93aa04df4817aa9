package io.dropblock.spark.cli;

import io.dropblock.spark.files.HadoopPath;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.permission.FsAction;

/** A folder that a command will make, looked at before it begins; nothing is made here. */
final class NewFolder {
  private NewFolder() {}

  /** In words, why it cannot be made; empty if it seems that it can. */
  static Optional<String> obstacle(Path folder, Configuration configuration) {
    try {
      FileSystem files = HadoopPath.fileSystem(folder, configuration);
      Path above = files.makeQualified(folder);
      while (!files.exists(above) && !above.isRoot()) {
        above = above.getParent();
      }
      FileStatus status = files.getFileStatus(above);
      if (!status.isDirectory()) {
        return Optional.of(above + " is not a directory");
      }
      if (files.getUri().getScheme().equals("file")) {
        // Asked of the system: Hadoop would compare names of users and groups
        return Files.isWritable(java.nio.file.Path.of(above.toUri().getPath()))
            ? Optional.empty()
            : Optional.of(above + " is not writable");
      }
      files.access(above, FsAction.WRITE_EXECUTE);
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of(e.getMessage());
    }
  }
}
