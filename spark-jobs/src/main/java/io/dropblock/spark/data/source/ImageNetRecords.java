package io.dropblock.spark.data.source;

import io.dropblock.spark.data.DataException;
import io.dropblock.spark.data.Split;
import io.dropblock.spark.data.annotation.Task;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * ImageNet as TFRecords, as TensorFlow's {@code imagenet_to_gcs.py} writes them: {@code
 * train-00000-of-01024} and {@code validation-00000-of-00128} in one folder or in folders below it,
 * each record a {@code tf.train.Example} with {@code image/encoded} and {@code image/class/label},
 * 1 to 1000; {@code image/class/synset} and {@code image/filename} give names where they are there.
 * A label is the record's less 1.
 */
public final class ImageNetRecords {
  private ImageNetRecords() {}

  /**
   * Lists all records. Reads every file once from end to end, in a Spark job, and checks framing,
   * both checksums, labels and names. A record whose data have a wrong checksum is left out of the
   * images, and told.
   *
   * @param folder on a file system that driver and executors share
   * @throws DataException where a file is missing or cut short, a length has a wrong checksum, or a
   *     record is not as said
   */
  public static ImageListing list(JavaSparkContext spark, Path folder) {
    FileTree tree;
    try {
      FileSystem fileSystem = folder.getFileSystem(spark.hadoopConfiguration());
      tree = Directory.read(fileSystem, fileSystem.getFileStatus(folder).getPath());
    } catch (FileNotFoundException e) {
      throw refused(folder, "there is no such folder", e);
    } catch (IOException e) {
      throw refused(folder, DataException.reason(e), e);
    }
    RecordNames names = RecordNames.of(folder.toString(), tree);
    List<RecordShard> shards = names.shards();
    List<RecordShard.Images> found =
        Scan.run(spark, "TFRecords in " + folder, shards, RecordShard::images);
    List<String> classes = classes(folder, shards, found);
    Set<String> used = shards.stream().map(RecordShard::path).collect(Collectors.toSet());
    PassedOver passed =
        tree.passedOver(file -> used.contains(file.container()), "outside of the TFRecords");
    return new ImageListing(
        Task.CLASSIFICATION,
        folder.toString(),
        classes,
        List.of(),
        images(shards, found, Split.TRAIN),
        images(shards, found, Split.VAL),
        passed.count(),
        Stream.concat(
                tree.leftOut().stream(),
                found.stream().flatMap(images -> images.leftOut().stream()))
            .toList(),
        passed.notes());
  }

  private static List<ImageFile> images(
      List<RecordShard> shards, List<RecordShard.Images> found, Split split) {
    List<ImageFile> images = new ArrayList<>();
    for (int i = 0; i < shards.size(); i++) {
      if (shards.get(i).split() == split) {
        images.addAll(found.get(i).files());
      }
    }
    images.sort(Comparator.comparing(ImageFile::name));
    return images;
  }

  /** A name for each label up to the largest one of train. */
  private static List<String> classes(
      Path folder, List<RecordShard> shards, List<RecordShard.Images> found) {
    Map<Integer, String> synsets = new TreeMap<>();
    int count = 0;
    for (int i = 0; i < shards.size(); i++) {
      RecordShard shard = shards.get(i);
      found.get(i).synsets().forEach((label, name) -> agree(shard, synsets, label, name));
      if (shard.split() == Split.TRAIN) {
        for (ImageFile image : found.get(i).files()) {
          count = Math.max(count, image.label() + 1);
        }
      }
    }
    for (int i = 0; i < shards.size(); i++) {
      for (ImageFile image : found.get(i).files()) {
        if (image.label() >= count) {
          throw refused(
              folder,
              "%s has the label %d, but train ends at %d"
                  .formatted(image.name(), image.label() + 1, count),
              null);
        }
      }
    }
    List<String> classes =
        IntStream.range(0, count)
            .mapToObj(label -> synsets.getOrDefault(label, "class-%04d".formatted(label + 1)))
            .toList();
    if (count < 2 || new HashSet<>(classes).size() < count) {
      throw refused(
          folder,
          count < 2 ? "fewer than 2 classes" : "two labels have the same image/class/synset",
          null);
    }
    return classes;
  }

  private static void agree(
      RecordShard shard, Map<Integer, String> synsets, int label, String name) {
    String before = synsets.putIfAbsent(label, name);
    if (before != null && !before.equals(name)) {
      throw new DataException(
          "Cannot read %s: its label %d is %s, but that of a file before is %s"
              .formatted(shard.path(), label + 1, name, before));
    }
  }

  private static DataException refused(Path folder, String reason, Throwable cause) {
    return new DataException("Cannot list TFRecords in " + folder + ": " + reason, cause);
  }
}
