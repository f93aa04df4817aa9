package io.dropblock.spark.cli;

import io.dropblock.spark.data.DataException;
import io.dropblock.spark.data.image.ImageFormat;
import io.dropblock.spark.files.HadoopPath;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/**
 * The images of a folder, in the order of their names.
 *
 * @param folder that they are in
 * @param files the first of them
 * @param found how many there are
 * @param configuration Hadoop's
 */
record ImageFiles(Path folder, List<Path> files, int found, Configuration configuration) {
  /** Nobody's photograph is longer. */
  private static final int LIMIT = 256 << 20;

  /**
   * Lists them, by the endings of their names.
   *
   * @param most that are taken
   * @throws DataException if there are none
   */
  static ImageFiles in(Path folder, int most, Configuration configuration) {
    try {
      FileStatus[] listed = HadoopPath.fileSystem(folder, configuration).listStatus(folder);
      List<Path> images =
          Arrays.stream(listed)
              .filter(FileStatus::isFile)
              .map(FileStatus::getPath)
              .filter(ImageFiles::isRead)
              .sorted(Comparator.comparing(Path::getName))
              .toList();
      if (images.isEmpty()) {
        throw new DataException(
            "Cannot find images in --images "
                + folder
                + ": no file there ends in .jpg, .jpeg or .png; give a folder of images");
      }
      return new ImageFiles(
          folder, images.subList(0, Math.min(most, images.size())), images.size(), configuration);
    } catch (FileNotFoundException e) {
      throw new DataException(
          "Cannot find images in --images " + folder + ": there is no such folder", e);
    } catch (IOException e) {
      throw new DataException(
          "Cannot find images in --images " + folder + ": " + DataException.reason(e), e);
    }
  }

  private static boolean isRead(Path file) {
    String name = file.getName();
    int dot = name.lastIndexOf('.');
    return dot >= 0
        && ImageFormat.ofEnding(name.substring(dot + 1)).filter(ImageFormat::isRead).isPresent();
  }

  /** What is left out, for people. */
  Optional<String> note() {
    return found == files.size()
        ? Optional.empty()
        : Optional.of(
            "Taking the first "
                + files.size()
                + " of "
                + found
                + " images in "
                + folder
                + "; --count takes more");
  }

  /**
   * The bytes of one.
   *
   * @throws DataException if it cannot be read
   */
  byte[] bytes(Path file) {
    try (FSDataInputStream in = HadoopPath.fileSystem(file, configuration).open(file)) {
      return in.readNBytes(LIMIT);
    } catch (IOException e) {
      throw new DataException("Cannot read image " + file + ": " + DataException.reason(e), e);
    }
  }
}
