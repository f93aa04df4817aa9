package io.dropblock.spark.data.source.voc;

import io.dropblock.spark.data.DataException;
import io.dropblock.spark.data.Split;
import io.dropblock.spark.data.kind.LabelMapKind;
import io.dropblock.spark.data.source.GroundTruth;
import io.dropblock.spark.data.source.ImageFile;
import io.dropblock.spark.data.source.ImageListing;
import io.dropblock.spark.data.source.files.FileTree;
import io.dropblock.spark.data.source.files.PassedOver;
import io.dropblock.spark.data.source.files.SmallFile;
import io.dropblock.spark.files.HadoopPath;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** Finds the images of VOC's two splits and their labels. */
final class VocImages {
  private static final String LISTS = "ImageSets/Segmentation/";
  private static final String IMAGES = "JPEGImages/";
  private static final String LABELS = "SegmentationClass/";
  private static final String MORE_LABELS = "SegmentationClassAug/";
  private static final String SBD_IMAGES = "img/";
  private static final String SBD_LABELS = "cls/";

  /** A line that names an image. */
  private record Mention(String list, int line) {
    @Override
    public String toString() {
      return String.format(Locale.ROOT, "line %d of %s", line, list);
    }
  }

  private final VocTree voc;
  private final VocTree sbd;
  private final VocTraining training;
  private final Configuration configuration;
  private final Set<FileTree.Entry> used = new HashSet<>();

  VocImages(VocTree voc, VocTree sbd, VocTraining training, Configuration configuration) {
    this.voc = voc;
    this.sbd = sbd;
    this.training = training;
    this.configuration = configuration;
  }

  ImageListing listing(String source) {
    Map<String, Mention> val = mentions(list(voc, LISTS + "val.txt"));
    Map<String, Mention> train = mentions(trainList());
    train.forEach(
        (name, mention) -> {
          if (val.containsKey(name)) {
            throw refused(
                String.format(
                    Locale.ROOT,
                    "%s is to be trained on by %s and validated on by %s",
                    name,
                    mention,
                    val.get(name)));
          }
        });
    if (sbd != null && training.list() == null) {
      addRestOfSbd(train, val);
    }
    List<String> classes = classes();
    List<ImageFile> trainFiles = files(train, Split.TRAIN);
    List<ImageFile> valFiles = files(val, Split.VAL);
    PassedOver passed = passedOver();
    return new ImageListing(
        new LabelMapKind(),
        source,
        classes,
        List.of(),
        trainFiles,
        valFiles,
        passed.count(),
        trees().flatMap(one -> one.tree().leftOut().stream()).toList(),
        passed.notes());
  }

  private Stream<VocTree> trees() {
    return Stream.of(voc, sbd).filter(Objects::nonNull);
  }

  private PassedOver passedOver() {
    PassedOver passed = new PassedOver();
    trees()
        .forEach(
            one ->
                passed.add(
                    one.tree().passedOver(used::contains, "that the lists do not name"), ""));
    return passed;
  }

  /** VOC's, or those of another data set in its layout. */
  private List<String> classes() {
    FileTree.Entry own = voc.file(VocClasses.FILE);
    if (own == null) {
      for (String other : VocClasses.OTHER_FILES) {
        if (voc.file(other) != null) {
          throw refused(
              String.format(
                  Locale.ROOT,
                  "it has %s, but names of classes are read from %s alone: write that, a line a label such as cat:64,0,0::",
                  other,
                  VocClasses.FILE));
        }
      }
      return Voc2012.CLASSES;
    }
    used.add(own);
    String title = voc.title(VocClasses.FILE);
    List<String> classes = VocClasses.read(title, SmallFile.read(title, own, configuration));
    if (sbd != null && !classes.equals(Voc2012.CLASSES)) {
      throw refused("SBD's labels are of VOC's classes, not of those in " + title);
    }
    return classes;
  }

  private VocList trainList() {
    if (training.listIsPath()) {
      Path path = HadoopPath.of(training.list(), configuration);
      return VocList.of(path.toString(), SmallFile.read(path, configuration));
    }
    String name = training.list() == null ? Split.TRAIN.word() : training.list();
    return list(voc, LISTS + name + ".txt");
  }

  private VocList list(VocTree tree, String name) {
    VocList list = tree.list(name, configuration);
    used.add(tree.file(name));
    return list;
  }

  /** What is known of SBD's images is VOC's where both have them, and those to validate on stay. */
  private void addRestOfSbd(Map<String, Mention> train, Map<String, Mention> val) {
    for (Split split : Split.values()) {
      mentions(list(sbd, split.word() + ".txt"))
          .forEach(
              (name, mention) -> {
                if (!val.containsKey(name)) {
                  train.putIfAbsent(name, mention);
                }
              });
    }
  }

  private static Map<String, Mention> mentions(VocList list) {
    Map<String, Mention> mentions = new LinkedHashMap<>();
    for (String name : list.names()) {
      mentions.put(name, new Mention(list.title(), mentions.size() + 1));
    }
    return mentions;
  }

  private List<ImageFile> files(Map<String, Mention> mentions, Split split) {
    List<ImageFile> files = new ArrayList<>();
    mentions.forEach(
        (name, mention) ->
            files.add(file(split, name, image(name, mention), label(name, mention, split))));
    files.sort(Comparator.comparing(ImageFile::name));
    return files;
  }

  private ImageFile file(Split split, String name, FileTree.Entry image, FileTree.Entry label) {
    used.add(image);
    used.add(label);
    VocLabels encoding = label.name().endsWith(".mat") ? VocLabels.SBD_MAT : VocLabels.PNG;
    return new ImageFile(
        image.container(),
        image.offset(),
        image.length(),
        String.format(Locale.ROOT, "%s/%s.jpg", split.word(), name),
        new GroundTruth.LabelFile(
            label.container(), label.offset(), label.length(), label.name(), encoding));
  }

  private FileTree.Entry image(String name, Mention mention) {
    FileTree.Entry image = voc.file(IMAGES + name + ".jpg");
    if (image == null && sbd != null) {
      image = sbd.file(SBD_IMAGES + name + ".jpg");
    }
    if (image == null) {
      throw refused(
          String.format(
              Locale.ROOT, "%s names %s, but there is no %s%s.jpg", mention, name, IMAGES, name));
    }
    return image;
  }

  private FileTree.Entry label(String name, Mention mention, Split split) {
    FileTree.Entry label = voc.file(LABELS + name + ".png");
    if (label == null && split == Split.TRAIN) {
      label = voc.file(MORE_LABELS + name + ".png");
      if (label == null && sbd != null) {
        label = sbd.file(SBD_LABELS + name + ".mat");
      }
    }
    if (label == null) {
      throw refused(
          String.format(
              Locale.ROOT, "%s names %s, but there is no %s", mention, name, wanted(name, split)));
    }
    return label;
  }

  private String wanted(String name, Split split) {
    String own = LABELS + name + ".png";
    if (split == Split.VAL) {
      return own;
    }
    return String.format(
        Locale.ROOT,
        "%s, none in %s%s",
        own,
        MORE_LABELS,
        sbd == null ? " and no --sbd" : " and no " + sbd.title(SBD_LABELS + name + ".mat"));
  }

  private DataException refused(String reason) {
    return new DataException(
        String.format(Locale.ROOT, "Cannot list VOC 2012 in %s: %s", voc.path(), reason));
  }
}
