package io.dropblock.spark.cli;

import io.dropblock.spark.data.DataException;
import io.dropblock.spark.files.HadoopPath;
import java.io.FileNotFoundException;
import java.io.IOException;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** A file that a command will write, looked at before it begins; nothing is made here. */
final class NewFile {
  private NewFile() {}

  /**
   * Its full address. It may be there, and is then written anew.
   *
   * @param option that named it
   * @throws DataException where it is a folder, or is to be in a folder that is not there
   */
  static Path path(Application application, String option, String typed) {
    Path file = application.path(option, typed);
    try {
      FileSystem files = HadoopPath.fileSystem(file, application.configuration());
      if (files.exists(file) && files.getFileStatus(file).isDirectory()) {
        throw new DataException("Cannot write " + option + " " + file + ": it is a folder");
      }
      if (!files.getFileStatus(file.getParent()).isDirectory()) {
        throw new DataException(
            "Cannot write " + option + " " + file + ": " + file.getParent() + " is no folder");
      }
      return file;
    } catch (FileNotFoundException e) {
      throw new DataException(
          "Cannot write " + option + " " + file + ": there is no folder " + file.getParent(), e);
    } catch (IOException e) {
      throw new DataException(
          "Cannot write " + option + " " + file + ": " + DataException.reason(e), e);
    }
  }
}
