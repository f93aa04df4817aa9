package io.dropblock.spark.predict.source;

import io.dropblock.spark.data.DataException;
import io.dropblock.spark.data.prepare.ByteRanges;
import io.dropblock.spark.data.source.files.FileTree;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.security.AccessControlException;

/**
 * Images that are files, or lie in tars.
 *
 * @param files in the order in which they are read
 */
record FilePart(List<FileTree.Entry> files) implements ImagePart {

  /**
   * Shares files out: by the order of their names, and in a tar by that of their places.
   *
   * @param most files of a part, at least 1
   */
  static List<ImagePart> of(List<FileTree.Entry> all, int most) {
    List<FileTree.Entry> ordered =
        all.stream()
            .sorted(
                Comparator.comparing(FileTree.Entry::container)
                    .thenComparingLong(FileTree.Entry::offset))
            .toList();
    List<ImagePart> parts = new ArrayList<>();
    for (int from = 0; from < ordered.size(); from += most) {
      int to = Math.min(ordered.size(), from + most);
      // a sublist is not serializable
      parts.add(new FilePart(List.copyOf(ordered.subList(from, to))));
    }
    return parts;
  }

  @Override
  public long images() {
    return files.size();
  }

  @Override
  public Stream<String> identity() {
    return files.stream().map(FileTree.Entry::toString);
  }

  @Override
  public ImageStream open(Configuration configuration) {
    ByteRanges ranges = new ByteRanges(configuration);
    Iterator<FileTree.Entry> entries = files.iterator();
    return new ImageStream() {
      @Override
      public boolean hasNext() {
        return entries.hasNext();
      }

      @Override
      public EncodedImage next() {
        return image(entries.next(), ranges);
      }

      @Override
      public void close() throws IOException {
        ranges.close();
      }
    };
  }

  private static EncodedImage image(FileTree.Entry file, ByteRanges ranges) {
    if (file.length() > ByteRanges.MAX_IMAGE_BYTES) {
      return EncodedImage.broken(
          file.name(),
          String.format(Locale.ROOT, "%,d bytes are too long for an image", file.length()));
    }
    FileTree.Entry addressed =
        new FileTree.Entry(address(file), file.container(), file.offset(), file.length());
    try {
      return EncodedImage.of(file.name(), ranges.file(addressed));
    } catch (FileNotFoundException | AccessDeniedException | AccessControlException e) {
      // Nothing but this image is lost with it, and another try does not bring it back.
      if (isAlone(file)) {
        return EncodedImage.broken(file.name(), "it cannot be read: " + DataException.reason(e));
      }
      throw unreadable(addressed, e);
    } catch (IOException e) {
      throw unreadable(addressed, e);
    }
  }

  /** Whether it is a file of its own: in a tar its header is before it. */
  private static boolean isAlone(FileTree.Entry file) {
    return file.offset() == 0;
  }

  private static String address(FileTree.Entry file) {
    return "image " + (isAlone(file) ? "" : file.name() + " of ") + file.container();
  }

  private static DataException unreadable(FileTree.Entry addressed, IOException e) {
    return new DataException("Cannot read " + addressed.name() + ": " + DataException.reason(e), e);
  }
}
