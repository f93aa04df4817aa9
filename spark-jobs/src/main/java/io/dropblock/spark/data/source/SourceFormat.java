package io.dropblock.spark.data.source;

import io.dropblock.spark.data.DataException;
import io.dropblock.spark.files.HadoopPath;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** The layouts of raw data sets. */
public enum SourceFormat {
  /** {@link ImageFolder}. */
  FOLDER,
  /** {@link Ilsvrc2012}. */
  ILSVRC2012,
  /** {@link ImageRecords}. */
  TFRECORDS,
  /** {@link Coco}. */
  COCO,
  /** {@link Voc2012}. */
  VOC;

  /** The word for it in commands: {@code folder}, {@code ilsvrc2012} and so on. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * By its word.
   *
   * @throws IllegalArgumentException where there is no such format
   */
  public static SourceFormat of(String word) {
    return Arrays.stream(values())
        .filter(format -> format.word().equals(word))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    String.format(
                        Locale.ROOT,
                        "Unknown format: '%s' is not one of auto, %s",
                        word,
                        words())));
  }

  /** All words, with commas between them. */
  private static String words() {
    return Arrays.stream(values()).map(SourceFormat::word).collect(Collectors.joining(", "));
  }

  /**
   * By what lies there: one of ILSVRC2012's two tars, files of annotations as COCO has them, VOC
   * 2012's lists, in a folder or a tar, or its tar, or a TFRecord file of images in the folder, in
   * its folders {@code train} and {@code validation} or in that of a version, or else {@link
   * #FOLDER}, which also says where nothing lies.
   *
   * @throws DataException where the folder cannot be listed
   */
  public static SourceFormat detect(Path source, Configuration configuration) {
    try {
      FileSystem fileSystem = HadoopPath.fileSystem(source, configuration);
      FileStatus status = fileSystem.getFileStatus(source);
      if (status.isFile()) {
        return isIlsvrc(status) ? ILSVRC2012 : ofTar(fileSystem, status, configuration);
      }
      if (VocTree.isFolder(fileSystem, source)) {
        return VOC;
      }
      FileStatus[] children = fileSystem.listStatus(source);
      if (Arrays.stream(children).anyMatch(SourceFormat::isIlsvrc)) {
        return ILSVRC2012;
      }
      if (CocoLayout.isIn(CocoTree.top(fileSystem, source), configuration)) {
        return COCO;
      }
      boolean records = Arrays.stream(children).anyMatch(SourceFormat::isRecords);
      for (FileStatus child : children) {
        if (child.isDirectory() && RecordNames.isFolder(child.getPath().getName())) {
          records |=
              Arrays.stream(fileSystem.listStatus(child.getPath()))
                  .anyMatch(SourceFormat::isRecords);
        }
      }
      return records ? TFRECORDS : FOLDER;
    } catch (FileNotFoundException e) {
      return FOLDER;
    } catch (IOException e) {
      throw new DataException("Cannot list " + source + ": " + DataException.reason(e), e);
    }
  }

  private static SourceFormat ofTar(
      FileSystem fileSystem, FileStatus status, Configuration configuration) throws IOException {
    try {
      FileTree tar = Tar.read(fileSystem, status);
      if (VocTree.isIn(tar)) {
        return VOC;
      }
      return CocoLayout.isIn(new CocoTree(status.getPath(), true, tar), configuration)
          ? COCO
          : FOLDER;
    } catch (DataException e) {
      // Who lists it says so.
      return FOLDER;
    }
  }

  private static boolean isRecords(FileStatus status) {
    return status.isFile() && RecordNames.matches(status.getPath().getName());
  }

  private static boolean isIlsvrc(FileStatus status) {
    String name = status.getPath().getName();
    return status.isFile() && (name.equals(Ilsvrc2012.TRAIN) || name.equals(Ilsvrc2012.VAL));
  }
}
