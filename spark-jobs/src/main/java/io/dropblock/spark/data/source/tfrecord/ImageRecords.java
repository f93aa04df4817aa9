package io.dropblock.spark.data.source.tfrecord;

import io.dropblock.spark.data.DataException;
import io.dropblock.spark.data.Split;
import io.dropblock.spark.data.kind.ClassLabelKind;
import io.dropblock.spark.data.source.Findings;
import io.dropblock.spark.data.source.ImageFile;
import io.dropblock.spark.data.source.ImageListing;
import io.dropblock.spark.data.source.files.Directory;
import io.dropblock.spark.data.source.files.FileTree;
import io.dropblock.spark.data.source.files.PassedOver;
import io.dropblock.spark.data.source.files.Place;
import io.dropblock.spark.data.source.files.Scan;
import io.dropblock.spark.files.HadoopPath;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * Images with a class each as TFRecords, each record a {@code tf.train.Example}, in one folder or
 * in folders below it.
 *
 * <p>ImageNet as TensorFlow's {@code imagenet_to_gcs.py} writes it: {@code train-00000-of-01024}
 * and {@code validation-00000-of-00128} with {@code image/encoded} and {@code image/class/label}, 1
 * to 1000; {@code image/class/synset} and {@code image/filename} give names where they are there. A
 * label is the record's less 1.
 *
 * <p>Any data set of TFDS whose records have {@code image} and {@code label}: {@code
 * cifar10-train.tfrecord-00000-of-00001} and the same of {@code validation} or else {@code test}.
 * Labels are the records', names the lines of {@code label.labels.txt} beside them.
 */
public final class ImageRecords {
  private static final int IMAGENET_CLASSES = 1000;
  private static final int MOST_CLASSES = 100_000;

  private final JavaSparkContext spark;
  private final Path folder;
  private final FileTree tree;
  private final RecordNames names;
  private final RecordClasses classes;
  private final List<String> notes;

  private ImageRecords(JavaSparkContext spark, Path folder, FileTree tree) {
    this.spark = spark;
    this.folder = folder;
    this.tree = tree;
    this.names = RecordNames.of(folder.toString(), tree);
    this.classes =
        names.form() == RecordForm.TFDS
            ? RecordClasses.beside(names.first(), tree, spark.hadoopConfiguration())
            : null;
    this.notes = new ArrayList<>(names.notes());
  }

  /**
   * Whether a TFRecord file of images is in a folder, in its folders {@code train} and {@code
   * validation}, or in that of a version.
   *
   * @throws IOException where one of them cannot be listed
   */
  public static boolean isIn(Place place) throws IOException {
    if (!place.isFolder()) {
      return false;
    }
    boolean found = place.children().stream().anyMatch(ImageRecords::isPart);
    for (FileStatus child : place.children()) {
      if (child.isDirectory() && RecordNames.isFolder(child.getPath().getName())) {
        found |=
            Arrays.stream(place.fileSystem().listStatus(child.getPath()))
                .anyMatch(ImageRecords::isPart);
      }
    }
    return found;
  }

  private static boolean isPart(FileStatus status) {
    return status.isFile() && RecordNames.matches(status.getPath().getName());
  }

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
    try {
      FileSystem fileSystem = HadoopPath.fileSystem(folder, spark.hadoopConfiguration());
      FileTree tree = Directory.read(fileSystem, fileSystem.getFileStatus(folder).getPath());
      return new ImageRecords(spark, folder, tree).listing();
    } catch (FileNotFoundException e) {
      throw refused(folder, "there is no such folder", e);
    } catch (IOException e) {
      throw refused(folder, DataException.reason(e), e);
    }
  }

  private ImageListing listing() {
    List<RecordShard> shards = new ArrayList<>();
    for (Split split : Split.values()) {
      names
          .files(split)
          .forEach(
              file -> shards.add(new RecordShard(file.container(), split, names.form(), most())));
    }
    List<RecordShard.Images> found =
        Scan.run(spark, "TFRecords in " + folder, shards, RecordShard::images);
    List<ImageFile> train = images(shards, found, Split.TRAIN);
    List<ImageFile> val = images(shards, found, Split.VAL);
    List<String> classNames = classNames(shards, found, train, val);
    PassedOver passed = tree.passedOver(names::isPart, "outside of the TFRecords");
    notes.addAll(passed.notes());
    return new ImageListing(
        new ClassLabelKind(),
        folder.toString(),
        classNames,
        List.of(),
        train,
        val,
        passed.count(),
        Stream.concat(
                tree.leftOut().stream(),
                found.stream().flatMap(images -> images.leftOut().stream()))
            .toList(),
        notes);
  }

  /** Classes that there are at most. */
  private int most() {
    if (names.form() == RecordForm.IMAGENET) {
      return IMAGENET_CLASSES;
    }
    return classes == null ? MOST_CLASSES : classes.names().size();
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

  private List<String> classNames(
      List<RecordShard> shards,
      List<RecordShard.Images> found,
      List<ImageFile> train,
      List<ImageFile> val) {
    if (classes != null) {
      classes.check(train);
      return classes.names();
    }
    Map<Integer, String> synsets = new TreeMap<>();
    for (int i = 0; i < shards.size(); i++) {
      RecordShard shard = shards.get(i);
      found.get(i).synsets().forEach((label, name) -> agree(shard, synsets, label, name));
    }
    int count = train.stream().mapToInt(ImageFile::label).max().orElse(-1) + 1;
    for (ImageFile image : val) {
      if (image.label() >= count) {
        int first = names.form().firstLabel();
        throw refused(
            folder,
            String.format(
                Locale.ROOT,
                "%s has the label %d, but train ends at %d",
                image.name(),
                image.label() + first,
                count - 1 + first),
            null);
      }
    }
    List<String> all = named(count, synsets);
    if (count < 2 || new HashSet<>(all).size() < count) {
      throw refused(
          folder,
          count < 2 ? "fewer than 2 classes" : "two labels have the same image/class/synset",
          null);
    }
    return all;
  }

  /** A name for each label up to the largest one of train. */
  private List<String> named(int count, Map<Integer, String> synsets) {
    Findings findings = new Findings(folder.toString());
    List<String> all = new ArrayList<>(count);
    for (int label = 0; label < count; label++) {
      String number = String.format(Locale.ROOT, "class-%04d", label + names.form().firstLabel());
      if (!synsets.containsKey(label)) {
        findings.note(
            "classes",
            names.form() == RecordForm.TFDS
                ? "without a name, as there is no " + RecordClasses.FILE + " beside the records"
                : "without a name, as no record has one",
            number);
      }
      all.add(synsets.getOrDefault(label, number));
    }
    notes.addAll(findings.notes());
    return all;
  }

  private static void agree(
      RecordShard shard, Map<Integer, String> synsets, int label, String name) {
    String before = synsets.putIfAbsent(label, name);
    if (before != null && !before.equals(name)) {
      throw new DataException(
          String.format(
              Locale.ROOT,
              "Cannot read %s: its label %d is %s, but that of a file before is %s",
              shard.path(),
              label + shard.form().firstLabel(),
              name,
              before));
    }
  }

  private static DataException refused(Path folder, String reason, Throwable cause) {
    return new DataException("Cannot list TFRecords in " + folder + ": " + reason, cause);
  }
}
