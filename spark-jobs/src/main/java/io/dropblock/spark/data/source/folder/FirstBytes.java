package io.dropblock.spark.data.source.folder;

import io.dropblock.spark.data.DataException;
import io.dropblock.spark.data.image.ImageFormat;
import io.dropblock.spark.data.source.files.FileKind;
import io.dropblock.spark.data.source.files.FileTree;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Looks into files whose names do not say whether they are images. */
final class FirstBytes {
  private final FileSystem fileSystem;
  private int found;
  private String example;

  FirstBytes(FileSystem fileSystem) {
    this.fileSystem = fileSystem;
  }

  /**
   * Whether a file is an image that we read: by the ending of its name, or else by its bytes.
   *
   * @throws DataException where these are asked for and cannot be read
   */
  boolean isImage(FileTree.Entry file) {
    FileKind kind = FileKind.of(file.name());
    if (!kind.isOpen()) {
      return kind.isRead();
    }
    boolean image = ImageFormat.of(bytes(file)).filter(ImageFormat::isRead).isPresent();
    if (image) {
      found++;
      example = example == null || file.name().compareTo(example) < 0 ? file.name() : example;
    }
    return image;
  }

  /** How many images were found by their bytes; nothing where there were none. */
  List<String> notes() {
    if (found == 0) {
      return List.of();
    }
    return List.of(
        String.format(
            Locale.ROOT,
            "By its content, whatever the ending of its name, an image: %d file%s (%s)",
            found,
            found == 1 ? "" : "s",
            found == 1 ? example : "for example " + example));
  }

  private byte[] bytes(FileTree.Entry file) {
    Path container = new Path(file.container());
    byte[] bytes = new byte[(int) Math.min(file.length(), ImageFormat.BYTES)];
    try (FSDataInputStream in = fileSystem.open(container)) {
      in.readFully(file.offset(), bytes);
      return bytes;
    } catch (IOException e) {
      throw new DataException(
          String.format(
              Locale.ROOT,
              "Cannot read %s of %s: %s",
              file.name(),
              container,
              DataException.reason(e)),
          e);
    }
  }
}
