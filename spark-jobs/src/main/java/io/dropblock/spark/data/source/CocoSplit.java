package io.dropblock.spark.data.source;

import io.dropblock.spark.data.annotation.ImageObject;
import io.dropblock.spark.data.annotation.ObjectSet;
import io.dropblock.spark.data.annotation.RunLengths;
import io.dropblock.spark.data.image.ImageSize;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Brings the annotations of a COCO file to its images, and these to the files in a folder. */
final class CocoSplit {
  private final CocoFile file;
  private final Map<Integer, Integer> labels = new HashMap<>();
  private final Map<Long, Listed> images = new HashMap<>();
  private final Set<Long> leftOutImages = new HashSet<>();
  private final Omissions omissions;

  /** An image and its objects so far. */
  private record Listed(CocoImage image, FileTree.Entry entry, List<ImageObject> objects) {}

  /**
   * @param name of the file, for people
   */
  private CocoSplit(String name, CocoFile file) {
    this.file = file;
    this.omissions = new Omissions(name);
    file.categories().forEach(category -> labels.put(category.id(), labels.size()));
  }

  /**
   * What is in a split.
   *
   * @param images sorted by name
   * @param leftOut what is broken
   */
  record Images(List<ImageFile> images, List<LeftOut> leftOut) {}

  /**
   * Joins them.
   *
   * @param name of the JSON file, for people
   * @param folder name of the folder with the images
   * @param tree what is in that folder
   */
  static Images join(String name, CocoFile file, String folder, FileTree tree) {
    CocoSplit split = new CocoSplit(name, file);
    split.addImages(folder, tree);
    split.addAnnotations();
    List<ImageFile> images = new ArrayList<>(split.images.size());
    for (Listed listed : split.images.values()) {
      images.add(split.imageFile(folder, listed));
    }
    images.sort(Comparator.comparing(ImageFile::name));
    return new Images(images, split.omissions.list());
  }

  private ImageFile imageFile(String folder, Listed listed) {
    CocoImage image = listed.image();
    return new ImageFile(
        listed.entry().container(),
        listed.entry().offset(),
        listed.entry().length(),
        folder + "/" + listed.entry().name(),
        new GroundTruth.Known(
            new ObjectSet(image.id(), listed.objects()),
            new ImageSize(image.width(), image.height())));
  }

  private void addImages(String folder, FileTree tree) {
    Map<String, FileTree.Entry> files = new HashMap<>();
    tree.files().forEach(entry -> files.put(entry.name(), entry));
    Set<String> names = new HashSet<>();
    for (int number = 0; number < file.images().size(); number++) {
      CocoImage image = file.images().get(number);
      String name = image.fileName();
      if (image.id() != null
          && (images.containsKey(image.id()) || leftOutImages.contains(image.id()))) {
        throw file.refused(
            String.format(
                Locale.ROOT,
                "element %d of images: there are two images of id %d",
                number,
                image.id()),
            null);
      }
      if (name != null && !names.add(name)) {
        throw file.refused(
            String.format(
                Locale.ROOT,
                "element %d of images, image %d: there are two images of the name %s",
                number,
                image.id(),
                CocoJson.shortened(name)),
            null);
      }
      // Only files that were found in the folder are ever opened, so no name leads out of it.
      FileTree.Entry entry = files.get(name);
      String flaw = image.flaw();
      if (flaw == null && entry == null) {
        flaw = "there is no file " + CocoJson.shortened(name) + " in " + folder;
      }
      if (flaw == null) {
        images.put(image.id(), new Listed(image, entry, new ArrayList<>()));
      } else {
        leftOutImages.add(image.id());
        omissions.add(
            image.id() == null ? "element " + number + " of images" : "image " + image.id(), flaw);
      }
    }
  }

  private void addAnnotations() {
    Set<Long> ids = new HashSet<>();
    for (int number = 0; number < file.annotations().size(); number++) {
      CocoAnnotation annotation = file.annotations().get(number);
      if (annotation.imageId() != null && leftOutImages.contains(annotation.imageId())) {
        continue;
      }
      try {
        if (annotation.flaw() != null) {
          throw new CocoFlaw(annotation.flaw());
        }
        if (!ids.add(annotation.id())) {
          throw new CocoFlaw("there is one of this id before it");
        }
        add(annotation);
      } catch (CocoFlaw e) {
        omissions.add(name(annotation, number), e.getMessage());
      }
    }
  }

  private void add(CocoAnnotation annotation) throws CocoFlaw {
    Listed listed = images.get(annotation.imageId());
    if (listed == null) {
      throw new CocoFlaw("there is no such image");
    }
    Integer label = labels.get(annotation.category());
    if (label == null) {
      throw new CocoFlaw(
          String.format(Locale.ROOT, "its category %d is none of the file", annotation.category()));
    }
    CocoImage image = listed.image();
    if (annotation.shape() instanceof RunLengths runs
        && (runs.width() != image.width() || runs.height() != image.height())) {
      throw new CocoFlaw(
          String.format(
              Locale.ROOT,
              "its mask has %d x %d pixels, but the image %d x %d",
              runs.width(),
              runs.height(),
              image.width(),
              image.height()));
    }
    listed
        .objects()
        .add(
            new ImageObject(
                annotation.id(),
                label,
                CocoBox.within(image, annotation.bbox()),
                annotation.area(),
                annotation.crowd(),
                annotation.shape()));
  }

  private static String name(CocoAnnotation annotation, int number) {
    String name =
        annotation.id() == null
            ? "element " + number + " of annotations"
            : "annotation " + annotation.id();
    return annotation.imageId() == null ? name : name + " of image " + annotation.imageId();
  }
}
