package io.dropblock.spark.data.source;

import io.dropblock.spark.data.DataException;
import io.dropblock.spark.data.Split;
import java.io.IOException;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Locale;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * One TFRecord file of ImageNet.
 *
 * @param path of the file
 * @param split that its name says
 */
record RecordShard(String path, Split split) implements Serializable {
  /** Classes of ILSVRC; label 0 is TensorFlow's background, which no record has. */
  static final int MAX_LABEL = 1000;

  private static final String ENCODED = "image/encoded";
  private static final String LABEL = "image/class/label";
  private static final String SYNSET = "image/class/synset";
  private static final String FILE_NAME = "image/filename";

  /**
   * What one of them holds.
   *
   * @param synsets of the labels less 1 that occur, where the records say
   * @param leftOut records whose data are damaged, of which nothing is believed
   */
  record Images(
      ArrayList<ImageFile> files, TreeMap<Integer, String> synsets, ArrayList<LeftOut> leftOut)
      implements Serializable {}

  /**
   * Reads it once from end to end and checks every record.
   *
   * @throws DataException where it is damaged so that records cannot be found, or a whole record is
   *     not as ImageNet's
   */
  Images images(Configuration configuration) throws IOException {
    Images images = new Images(new ArrayList<>(), new TreeMap<>(), new ArrayList<>());
    FileSystem fileSystem = new Path(path).getFileSystem(configuration);
    FileStatus status = fileSystem.getFileStatus(new Path(path));
    TfRecordFile.read(
        fileSystem,
        status,
        new TfRecordFile.Visitor() {
          @Override
          public void record(int number, long offset, ByteBuffer data) {
            try {
              add(images, number, offset, data);
            } catch (IOException e) {
              throw refused(number, DataException.reason(e));
            }
          }

          @Override
          public void damaged(int number, String reason) {
            images.leftOut().add(new LeftOut(name(number, null), reason));
          }
        });
    if (images.files().isEmpty() && images.leftOut().isEmpty()) {
      throw new DataException("Cannot read " + path + ": it has no records");
    }
    return images;
  }

  private void add(Images images, int number, long offset, ByteBuffer data) throws IOException {
    TfExample example = TfExample.of(data);
    TfExample.Range encoded = example.bytes(ENCODED);
    if (encoded == null) {
      throw new IOException("it has no " + ENCODED);
    }
    Long label = example.integer(LABEL);
    if (label == null) {
      throw new IOException("it has no " + LABEL);
    }
    if (label < 1 || label > MAX_LABEL) {
      throw new IOException(
          String.format(Locale.ROOT, "its %s is %d, not 1 to %d", LABEL, label, MAX_LABEL));
    }
    int index = (int) (label - 1);
    String synset = example.text(SYNSET);
    if (synset != null) {
      addSynset(images, index, synset);
    }
    images
        .files()
        .add(
            new ImageFile(
                path,
                offset + encoded.offset(),
                encoded.length(),
                name(number, example.text(FILE_NAME)),
                index));
  }

  private static void addSynset(Images images, int index, String synset) throws IOException {
    if (!Synsets.isId(synset)) {
      throw new IOException(
          String.format(Locale.ROOT, "its %s is '%s', not a synset", SYNSET, synset));
    }
    String before = images.synsets().putIfAbsent(index, synset);
    if (before != null && !before.equals(synset)) {
      throw new IOException(
          String.format(
              Locale.ROOT,
              "its label %d is %s, but that of a record before is %s",
              index + 1,
              synset,
              before));
    }
  }

  /** Such as {@code train/train-00017-of-01024/00042/n01440764_10026.JPEG}. */
  private String name(int number, String fileName) {
    String name =
        String.format(Locale.ROOT, "%s/%s/%05d", split.word(), new Path(path).getName(), number);
    if (fileName == null) {
      return name;
    }
    String simple = fileName.substring(fileName.lastIndexOf('/') + 1);
    // For people only, but it is printed, and anything may stand there.
    String printable = simple.replaceAll("[^\\p{Graph}]", "_");
    return name + "/" + printable.substring(0, Math.min(printable.length(), 100));
  }

  private DataException refused(int number, String reason) {
    return new DataException(
        String.format(Locale.ROOT, "Cannot read %s: record %d: %s", path, number, reason));
  }
}
