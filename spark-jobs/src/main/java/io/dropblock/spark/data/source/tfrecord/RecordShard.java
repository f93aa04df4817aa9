package io.dropblock.spark.data.source.tfrecord;

import io.dropblock.spark.data.DataException;
import io.dropblock.spark.data.Split;
import io.dropblock.spark.data.source.ImageFile;
import io.dropblock.spark.data.source.LeftOut;
import io.dropblock.spark.data.source.Synsets;
import io.dropblock.spark.files.HadoopPath;
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
 * One TFRecord file of images.
 *
 * @param path of the file
 * @param split that its name says
 * @param form of its records
 * @param classes that there are at most
 */
record RecordShard(String path, Split split, RecordForm form, int classes) implements Serializable {
  /**
   * What one of them holds.
   *
   * @param synsets of the classes that occur, where the records say
   * @param leftOut records whose data are damaged, of which nothing is believed
   */
  record Images(
      ArrayList<ImageFile> files, TreeMap<Integer, String> synsets, ArrayList<LeftOut> leftOut)
      implements Serializable {}

  /**
   * Reads it once from end to end and checks every record.
   *
   * @throws DataException where it is damaged so that records cannot be found, or a whole record is
   *     not of its form
   */
  Images images(Configuration configuration) throws IOException {
    Images images = new Images(new ArrayList<>(), new TreeMap<>(), new ArrayList<>());
    FileSystem fileSystem = HadoopPath.fileSystem(new Path(path), configuration);
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
    TfExample.Range encoded = example.bytes(form.image());
    if (encoded == null) {
      throw new IOException("it has no " + form.image());
    }
    int index = index(example);
    String synset = form.synset() == null ? null : example.text(form.synset());
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
                name(number, example.text(form.fileName())),
                index));
  }

  /** The class of a record, from 0. */
  private int index(TfExample example) throws IOException {
    Long label = example.integer(form.label());
    if (label == null) {
      throw new IOException("it has no " + form.label());
    }
    int first = form.firstLabel();
    if (label < first || label >= first + classes) {
      throw new IOException(
          String.format(
              Locale.ROOT,
              "its %s is %d, not %d to %d",
              form.label(),
              label,
              first,
              first + classes - 1));
    }
    return (int) (label - first);
  }

  private void addSynset(Images images, int index, String synset) throws IOException {
    if (!Synsets.isId(synset)) {
      throw new IOException("its " + form.synset() + " is '" + synset + "', not a synset");
    }
    String before = images.synsets().putIfAbsent(index, synset);
    if (before != null && !before.equals(synset)) {
      throw new IOException(
          String.format(
              Locale.ROOT,
              "its label %d is %s, but that of a record before is %s",
              index + form.firstLabel(),
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
    return new DataException("Cannot read " + path + ": record " + number + ": " + reason);
  }
}
