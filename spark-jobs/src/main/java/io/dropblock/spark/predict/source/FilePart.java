package io.dropblock.spark.predict.source;

import io.dropblock.spark.data.prepare.ByteRanges;
import io.dropblock.spark.data.source.files.FileTree;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import org.apache.hadoop.conf.Configuration;

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
        FileTree.Entry file = entries.next();
        if (file.length() > ByteRanges.MAX_IMAGE_BYTES) {
          return EncodedImage.broken(
              file.name(),
              String.format(Locale.ROOT, "%,d bytes are too long for an image", file.length()));
        }
        try {
          return EncodedImage.of(file.name(), ranges.file(file));
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }

      @Override
      public void close() throws IOException {
        ranges.close();
      }
    };
  }
}
