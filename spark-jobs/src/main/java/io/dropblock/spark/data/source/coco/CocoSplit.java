package io.dropblock.spark.data.source.coco;

import io.dropblock.spark.data.DataException;
import io.dropblock.spark.data.annotation.ObjectSet;
import io.dropblock.spark.data.image.BrokenImageException;
import io.dropblock.spark.data.image.ImageSize;
import io.dropblock.spark.data.source.Findings;
import io.dropblock.spark.data.source.GroundTruth;
import io.dropblock.spark.data.source.ImageFile;
import io.dropblock.spark.data.source.LeftOut;
import io.dropblock.spark.data.source.coco.json.CocoAnnotation;
import io.dropblock.spark.data.source.coco.json.CocoFile;
import io.dropblock.spark.data.source.coco.json.CocoFlaw;
import io.dropblock.spark.data.source.coco.json.CocoId;
import io.dropblock.spark.data.source.coco.json.CocoImage;
import io.dropblock.spark.data.source.coco.json.CocoJson;
import io.dropblock.spark.data.source.coco.json.CocoOddity;
import io.dropblock.spark.data.source.files.FileTree;
import io.dropblock.spark.data.source.files.SmallFile;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;

/** Brings the images of a COCO file to the files in a folder, and their annotations to them. */
final class CocoSplit {
  private final CocoFile file;
  private final CocoFolder folder;
  private final Configuration configuration;
  private final boolean numbered;
  private final Findings findings;
  private final Map<CocoId, CocoFound> found = new LinkedHashMap<>();
  // Why an image is left out.
  private final Map<CocoId, String> leftOut = new LinkedHashMap<>();

  private CocoSplit(String name, CocoFile file, CocoFolder folder, Configuration configuration) {
    this.configuration = configuration;
    this.file = file;
    this.folder = folder;
    this.numbered =
        file.images().stream().allMatch(image -> image.id() == null || image.id().isNumber());
    this.findings = new Findings(name);
  }

  /**
   * What is in a split.
   *
   * @param images sorted by name
   * @param findings what is broken, and what is read in another way than it is written
   */
  record Images(List<ImageFile> images, Findings findings) {}

  /**
   * Joins them.
   *
   * @param name of the JSON file, for people
   * @param root how the names of files begin that are not counted from the data set's own root
   * @throws io.dropblock.spark.data.DataException where two images have one id or one file, or
   *     there are images and none can be used
   */
  static Images join(
      String name,
      String root,
      CocoFile file,
      CocoClasses classes,
      CocoFolder folder,
      Configuration configuration) {
    CocoSplit split = new CocoSplit(name, file, folder, configuration);
    split.findImages();
    new CocoObjects(file, classes, split.findings).addTo(split.found, split.leftOut.keySet());
    split.leaveOutUnknown();
    return new Images(split.images(root), split.findings);
  }

  private void findImages() {
    Map<FileTree.Entry, CocoImage> taken = new HashMap<>();
    for (int place = 0; place < file.images().size(); place++) {
      CocoImage image = file.images().get(place);
      CocoId id = image.id();
      if (id != null && (found.containsKey(id) || leftOut.containsKey(id))) {
        throw file.refused(
            "element " + place + " of images: there are two images of id " + id, null);
      }
      try {
        if (image.flaw() != null) {
          throw new CocoFlaw(image.flaw());
        }
        CocoFolder.Found match = folder.find(image.fileName());
        requireFree(image, place, taken.put(match.file(), image));
        CocoImage sized = image.hasSize() ? image : measured(image, match.file());
        found.put(id, new CocoFound(sized, match.file(), numbered ? id.number() : place + 1));
        note(image, match.oddity());
      } catch (CocoFlaw e) {
        leaveOut(image, place, e.getMessage());
      }
    }
    omitImages();
  }

  private CocoImage measured(CocoImage image, FileTree.Entry entry) throws CocoFlaw {
    try {
      byte[] bytes = SmallFile.read(entry.name(), entry, configuration);
      return image.with(ImageSize.of(bytes));
    } catch (BrokenImageException | DataException e) {
      throw new CocoFlaw("it has no width or height, and its file none: " + e.getMessage());
    }
  }

  private void requireFree(CocoImage image, int place, CocoImage other) {
    if (other != null) {
      throw file.refused(
          String.format(
              Locale.ROOT,
              other.fileName().equals(image.fileName())
                  ? "element %d of images, image %s: there are two images of the name %s"
                  : "element %d of images, image %s: its file %s is also that of %s, image %s",
              place,
              image.id(),
              CocoJson.shortened(image.fileName()),
              CocoJson.shortened(other.fileName()),
              other.id()),
          null);
    }
  }

  private void note(CocoImage image, CocoOddity ofName) {
    String entry = "image " + image.id();
    image.oddities().forEach(oddity -> note(oddity, entry));
    if (!image.hasSize()) {
      note(CocoOddity.NO_SIZE, entry);
    }
    if (ofName != null) {
      note(ofName, entry + ", " + CocoJson.shortened(image.fileName()));
    }
    if (!numbered && !image.id().isNumber()) {
      note(CocoOddity.NO_NUMBER, entry);
    }
  }

  private void note(CocoOddity oddity, String entry) {
    findings.note("images", oddity.text(), entry);
  }

  private void leaveOut(CocoImage image, int place, String reason) {
    if (image.id() == null) {
      findings.leaveOut("element " + place + " of images", reason);
    } else {
      leftOut.put(image.id(), reason);
    }
  }

  /** With the number of their annotations, which are not named one by one. */
  private void omitImages() {
    Map<CocoId, Integer> annotations = new HashMap<>();
    if (!leftOut.isEmpty()) {
      file.annotations().stream()
          .map(CocoAnnotation::imageId)
          .filter(leftOut::containsKey)
          .forEach(id -> annotations.merge(id, 1, Integer::sum));
    }
    leftOut.forEach(
        (id, reason) ->
            findings.leaveOut(
                "image " + id,
                annotations.containsKey(id)
                    ? reason + "; annotations left out with it: " + annotations.get(id)
                    : reason));
  }

  /** Else they would be trained on and measured as images without objects. */
  private void leaveOutUnknown() {
    found
        .values()
        .removeIf(
            image -> {
              if (image.isUnknown()) {
                findings.leaveOut(
                    "image " + image.image().id(),
                    "all of its annotations are left out, so that what it shows is unknown");
              }
              return image.isUnknown();
            });
  }

  private List<ImageFile> images(String root) {
    if (found.isEmpty() && !file.images().isEmpty()) {
      LeftOut first = findings.leftOut().get(0);
      throw file.refused(
          String.format(
              Locale.ROOT,
              "none of its %d images can be used: %s: %s",
              file.images().size(),
              first.name(),
              first.reason()),
          null);
    }
    List<ImageFile> images = new ArrayList<>(found.size());
    for (CocoFound one : found.values()) {
      images.add(
          new ImageFile(
              one.file().container(),
              one.file().offset(),
              one.file().length(),
              one.file().name().substring(root.length()),
              new GroundTruth.Known(
                  new ObjectSet(one.number(), one.objects()),
                  new ImageSize(one.image().width(), one.image().height()))));
    }
    images.sort(Comparator.comparing(ImageFile::name));
    return images;
  }
}
