package io.dropblock.spark.data.source.imagenet;

import io.dropblock.spark.data.DataException;
import io.dropblock.spark.data.kind.ClassLabelKind;
import io.dropblock.spark.data.source.ImageFile;
import io.dropblock.spark.data.source.ImageListing;
import io.dropblock.spark.data.source.LeftOut;
import io.dropblock.spark.data.source.files.FileTree;
import io.dropblock.spark.data.source.files.PassedOver;
import io.dropblock.spark.data.source.files.Place;
import io.dropblock.spark.data.source.files.Scan;
import io.dropblock.spark.data.source.files.Tar;
import io.dropblock.spark.files.HadoopPath;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * ImageNet's ILSVRC2012 as it is downloaded: a folder with {@code ILSVRC2012_img_train.tar}, which
 * holds a tar a class ({@code n01440764.tar}), and {@code ILSVRC2012_img_val.tar}, which holds
 * {@code ILSVRC2012_val_00000001.JPEG} and so on. Nothing is unpacked. Classes are the synsets of
 * the training tar, sorted, so that labels are those of the paper's code less one (it counts from
 * 1).
 */
public final class Ilsvrc2012 {
  /** The tar of tars to train from. */
  static final String TRAIN = "ILSVRC2012_img_train.tar";

  /** The tar of images to validate on. */
  static final String VAL = "ILSVRC2012_img_val.tar";

  private static final List<String> DEVKITS =
      List.of("ILSVRC2012_devkit_t12.tar.gz", "ILSVRC2012_devkit_t12");
  private static final List<String> LISTS =
      List.of("imagenet_2012_validation_synset_labels.txt", "synset_labels.txt");

  private Ilsvrc2012() {}

  /** Whether one of its two tars lies there, or is it, by the name. */
  public static boolean isIn(Place place) throws IOException {
    return place.children().stream()
        .filter(FileStatus::isFile)
        .map(child -> child.getPath().getName())
        .anyMatch(name -> name.equals(TRAIN) || name.equals(VAL));
  }

  /**
   * Finds the labels that lie beside the tars: a development kit, else a list of synsets.
   *
   * @throws DataException where there are none, or they are malformed
   */
  public static ValidationLabels labels(Path folder, Configuration configuration) {
    try {
      FileSystem fileSystem = open(folder, configuration);
      for (String name : DEVKITS) {
        if (fileSystem.exists(HadoopPath.in(folder, name))) {
          return ValidationLabels.ofDevkit(HadoopPath.in(folder, name), configuration);
        }
      }
      for (String name : LISTS) {
        if (fileSystem.exists(HadoopPath.in(folder, name))) {
          return ValidationLabels.ofList(HadoopPath.in(folder, name), configuration);
        }
      }
    } catch (IOException e) {
      throw refused(folder, DataException.reason(e), e);
    }
    throw refused(
        folder,
        String.format(
            Locale.ROOT,
            "no labels of the validation images, neither %s nor %s; name them with --devkit or"
                + " --labels",
            DEVKITS.get(0),
            LISTS.get(0)),
        null);
  }

  /**
   * Lists both tars. Reads headers only, those of the training tar in a Spark job.
   *
   * @param folder holds the two tars, on a file system that driver and executors share
   * @param labels of the validation images
   * @throws DataException where a tar is missing, damaged or cut short, a class is unknown to the
   *     labels or without images, a validation image is missing, or the labels are too few or too
   *     many
   */
  public static ImageListing list(JavaSparkContext spark, Path folder, ValidationLabels labels) {
    try {
      FileSystem fileSystem = open(folder, spark.hadoopConfiguration());
      Path trainTar = HadoopPath.in(folder, TRAIN);
      FileTree train = Tar.read(fileSystem, status(fileSystem, trainTar));
      List<ClassTar> tars = ClassTar.of(trainTar, train);
      checkClasses(tars, labels);
      List<ClassTar.Images> found =
          Scan.run(spark, "ILSVRC2012 in " + folder, tars, ClassTar::images);
      FileTree val = Tar.read(fileSystem, status(fileSystem, HadoopPath.in(folder, VAL)));
      List<String> classes = tars.stream().map(ClassTar::synset).toList();
      List<ImageFile> valImages =
          ValidationTar.images(HadoopPath.in(folder, VAL).toString(), val, classes, labels);
      List<ImageFile> trainImages = new ArrayList<>();
      found.forEach(images -> trainImages.addAll(images.files()));
      trainImages.sort(Comparator.comparing(ImageFile::name));
      List<LeftOut> leftOut = new ArrayList<>(train.leftOut());
      leftOut.addAll(val.leftOut());
      found.forEach(images -> leftOut.addAll(images.leftOut()));
      PassedOver passed = passedOver(tars, train, found, val);
      return new ImageListing(
          new ClassLabelKind(),
          folder.toString(),
          classes,
          List.of(),
          trainImages,
          valImages,
          passed.count(),
          leftOut,
          passed.notes());
    } catch (IOException e) {
      throw refused(folder, DataException.reason(e), e);
    }
  }

  private static PassedOver passedOver(
      List<ClassTar> tars, FileTree train, List<ClassTar.Images> found, FileTree val) {
    PassedOver passed = new PassedOver();
    Set<FileTree.Entry> used = new HashSet<>();
    for (int i = 0; i < tars.size(); i++) {
      used.add(tars.get(i).entry());
      passed.add(found.get(i).passed(), TRAIN + "/" + tars.get(i).entry().name());
    }
    passed.add(train.passedOver(used::contains, "outside of the tars of the classes"), TRAIN);
    passed.add(val.passedOver(FileTree.Entry::isImage, ""), VAL);
    return passed;
  }

  private static FileSystem open(Path folder, Configuration configuration) throws IOException {
    FileSystem fileSystem = HadoopPath.fileSystem(folder, configuration);
    if (!fileSystem.exists(folder)) {
      throw refused(folder, "there is no such folder", null);
    }
    if (!fileSystem.getFileStatus(folder).isDirectory()) {
      throw refused(folder, "it is no folder; name the one that holds " + TRAIN, null);
    }
    return fileSystem;
  }

  private static void checkClasses(List<ClassTar> tars, ValidationLabels labels) {
    for (ClassTar tar : tars) {
      if (!labels.classes().isEmpty() && !labels.classes().contains(tar.synset())) {
        throw new DataException(
            String.format(
                Locale.ROOT,
                "Cannot list %s: its class %s is not among the %d of %s",
                tar.entry().container(),
                tar.synset(),
                labels.classes().size(),
                labels.origin()));
      }
    }
  }

  private static FileStatus status(FileSystem fileSystem, Path tar) throws IOException {
    try {
      return fileSystem.getFileStatus(tar);
    } catch (FileNotFoundException e) {
      throw refused(tar.getParent(), "it has no " + tar.getName(), e);
    }
  }

  private static DataException refused(Path folder, String reason, Throwable cause) {
    return new DataException("Cannot list ILSVRC2012 in " + folder + ": " + reason, cause);
  }
}
